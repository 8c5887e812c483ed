const GRAMS_PER_LITRE = { green: 12, black: 13, white: 18 };

export const html = `
  <h1>Brewing guide</h1>
  <p class="lead">The new one: tell us the pot, and we tell you the leaves.</p>
  <form class="narrow">
    <label for="tea">Tea</label>
    <select id="tea"><option value="green">Green</option><option value="black">Black</option><option value="white">White</option></select>
    <label for="pot">Pot, in millilitres</label>
    <input id="pot" type="number" min="100" max="3000" step="50" value="500">
    <output for="tea pot"></output>
  </form>
`;

export function start(article) {
  const tea = article.querySelector('#tea');
  const pot = article.querySelector('#pot');
  const output = article.querySelector('output');
  const compute = () => {
    output.value = `${((GRAMS_PER_LITRE[tea.value] * pot.value) / 1000).toFixed(1)} g of leaves`;
  };
  tea.addEventListener('input', compute);
  pot.addEventListener('input', compute);
  article.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
  compute();
}
