export const html = `
  <h1>Brewing</h1>
  <p class="lead">Cooler water for green, hotter for black, patience for white.</p>
  <table>
    <caption>For a cup of 200 ml</caption>
    <thead><tr><th scope="col">Tea</th><th scope="col" class="number">Water</th><th scope="col" class="number">Time</th></tr></thead>
    <tbody>
      <tr><th scope="row">Green</th><td class="number">75 °C</td><td class="number">2 min</td></tr>
      <tr><th scope="row">Black</th><td class="number">98 °C</td><td class="number">3 min</td></tr>
      <tr><th scope="row">White</th><td class="number">85 °C</td><td class="number">5 min</td></tr>
    </tbody>
  </table>
  <p>The <a href="/brewing-guide">brewing guide</a> computes the leaves; half of our visitors see its new version.</p>
`;
