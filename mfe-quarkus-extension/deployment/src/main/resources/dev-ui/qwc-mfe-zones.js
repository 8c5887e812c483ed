import { LitElement, html, css } from 'lit';
import { JsonRpc } from 'jsonrpc';
import { source, expressions, flags } from 'build-time-data';
import '@vaadin/grid';
import '@vaadin/text-field';

/** Zones, path expressions, flags, and who serves a path. */
export class QwcMfeZones extends LitElement {

    static styles = css`
        :host { display: block; padding: 1em; }
        h3 { margin: 1em 0 0.3em; }
        vaadin-text-field { width: 30em; }
    `;

    static properties = {
        _zones: { state: true },
        _answers: { state: true }
    };

    jsonRpc = new JsonRpc(this);

    constructor() {
        super();
        this._zones = [];
        this._answers = [];
    }

    connectedCallback() {
        super.connectedCallback();
        this.jsonRpc.zones().then(answer => { this._zones = answer.result; });
    }

    render() {
        return html`
            <vaadin-text-field
                label="Who serves this path?"
                placeholder="/docs/intro"
                clear-button-visible
                @value-changed=${event => this._ask(event.detail.value)}>
            </vaadin-text-field>
            ${this._answers.length === 0 ? '' : this._grid(this._answers, ['flag', 'servedBy', 'expression', 'origin', 'reason'])}
            <h3>Zones</h3>
            ${this._grid(this._zones, ['zone', 'origin', 'requests', 'failures', 'lastFailure'])}
            <h3>Path expressions in ${source}</h3>
            ${this._grid(expressions, ['zone', 'expression', 'flag'])}
            <h3>Flags</h3>
            ${this._grid(flags, ['flag', 'method'])}
        `;
    }

    _grid(items, columns) {
        return html`
            <vaadin-grid .items=${items} theme="row-stripes compact" all-rows-visible>
                ${columns.map(column => html`<vaadin-grid-column path=${column} auto-width resizable></vaadin-grid-column>`)}
            </vaadin-grid>
        `;
    }

    _ask(path) {
        if (!path) {
            this._answers = [];
            return;
        }
        this.jsonRpc.whoServes({ path }).then(answer => { this._answers = answer.result; });
    }
}

customElements.define('qwc-mfe-zones', QwcMfeZones);
