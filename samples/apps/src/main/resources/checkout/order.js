const stages = document.getElementById('stages');
const events = new EventSource(stages.dataset.events);
events.addEventListener('stage', show);
events.addEventListener('last', (event) => {
  show(event);
  // Or the browser would ask again for a stream that has ended.
  events.close();
});

function show({ data }) {
  const stage = document.createElement('li');
  stage.textContent = data;
  stages.append(stage);
}
