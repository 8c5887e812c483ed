var e={green:12,black:13,white:18},t=`
  <h1>Brewing guide</h1>
  <p class="lead">The new one: tell us the pot, and we tell you the leaves.</p>
  <form class="narrow">
    <label for="tea">Tea</label>
    <select id="tea"><option value="green">Green</option><option value="black">Black</option><option value="white">White</option></select>
    <label for="pot">Pot, in millilitres</label>
    <input id="pot" type="number" min="100" max="3000" step="50" value="500">
    <output for="tea pot"></output>
  </form>
`;function n(t){let n=t.querySelector(`#tea`),r=t.querySelector(`#pot`),i=t.querySelector(`output`),a=()=>{i.value=`${(e[n.value]*r.value/1e3).toFixed(1)} g of leaves`};n.addEventListener(`input`,a),r.addEventListener(`input`,a),t.querySelector(`form`).addEventListener(`submit`,e=>e.preventDefault()),a()}export{t as html,n as start};