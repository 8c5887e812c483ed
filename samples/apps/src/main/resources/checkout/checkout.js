// What is in the cart, only the shop knows: same origin for the browser, another app.
const cart = document.getElementById('cart');
const response = await fetch('/cart.json', { headers: { Accept: 'application/json' } });
cart.replaceChildren(...(response.ok ? summary(await response.json()) : [element('p', 'The shop does not answer.')]));

function summary({ items, total }) {
  if (items.length === 0) {
    return [element('p', 'Your cart is empty.')];
  }
  const list = element('ul');
  list.append(...items.map(({ quantity, name, price }) => element('li', `${quantity} × ${name}, ${price}`)));
  return [list, element('p', `Together ${total}`, 'total')];
}

const messages = document.getElementById('messages');
const chat = new WebSocket(new URL('/checkout/chat', location.href.replace(/^http/, 'ws')));
chat.addEventListener('message', ({ data }) => messages.append(element('li', data, 'theirs')));
chat.addEventListener('close', () => messages.append(element('li', 'The line is closed. Load the page to try again.')));
document.getElementById('chat').addEventListener('submit', (event) => {
  event.preventDefault();
  const question = document.getElementById('question');
  if (chat.readyState === WebSocket.OPEN) {
    messages.append(element('li', question.value, 'mine'));
    chat.send(question.value);
    question.value = '';
  }
});

function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}
