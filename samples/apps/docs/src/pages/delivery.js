export const html = `
  <h1>Delivery</h1>
  <p class="lead">Within two days, free of charge.</p>
  <p>After your order you can watch the parcel on its way. Back to the <a href="/checkout">checkout</a>.</p>
`;
