var e=`
  <h1>Returns</h1>
  <p class="lead">Did it taste like hay? Send it back within 30 days.</p>
  <p>Opened bags too: how else would you know? Back to the <a href="/">shop</a>.</p>
`;export{e as html};