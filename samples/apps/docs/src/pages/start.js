export const html = `
  <h1>The Kettle &amp; Leaf guide</h1>
  <p class="lead">How to brew, how we deliver, and what to do when you dislike it.</p>
  <p>Going from page to page in here loads no document: the address changes, and one small script is fetched. Going to
    the <a href="/">shop</a> or to the <a href="/checkout">checkout</a> loads a page of another app.</p>
  <ul>
    <li><a href="/docs/brewing">Brewing</a></li>
    <li><a href="/docs/delivery">Delivery</a></li>
    <li><a href="/docs/returns">Returns</a></li>
  </ul>
`;
