const viewer = find('#viewer');
const stack = find('#viewer-stack');
const layers = [...new Set(findAll('.panels').flatMap(x => x.dataset.layers.split(' ')))];
let opened = null;
let layer = layers[layers.length - 1];

for (const [number, name] of layers.entries()) {
  const button = make('button', {type: 'button', 'data-layer': name}, LAYER_NAMES[name]);
  button.title = `Key ${number + 1}`;
  button.addEventListener('click', () => showLayer(name));
  find('#viewer-layers').append(button);
}

function showLayer(name, boxes = JSON.parse(opened.dataset.boxes)) {
  layer = name;
  fillStack(stack, data.pictures[opened.dataset.picture], name, boxes);
  for (const button of findAll('[data-layer]', viewer)) {
    button.setAttribute('aria-pressed', button.dataset.layer === name);
  }
}

function openCard(card) {
  opened = card;
  const picture = data.pictures[card.dataset.picture];
  const shown = shownCards();
  find('#viewer-name').textContent = picture.name;
  find('#viewer-count').textContent = `${shown.indexOf(card) + 1} of ${shown.length}`;
  find('#viewer-text').textContent = find('.caption p', card).textContent;
  stack.style.setProperty('--ratio', picture.width / picture.height);
  find('#viewer-list').replaceChildren(...picture.list.map(listItem));
  showLayer(layer);
  if (!viewer.open) viewer.showModal();
}

function listItem(error) {
  const item = make('li', {tabindex: 0}, error.title === undefined ? error.text
    : `${error.title}: ${error.text}`);
  if (error.color) item.prepend(make('span', {class: 'dot', style: `background:${error.color}`}));
  if (error.cost !== undefined) {
    item.append(make('span', {class: 'muted'}, error.cost.toFixed(2)));
  }
  for (const event of ['mouseenter', 'focus']) {
    item.addEventListener(event, () => showLayer(layer, error.boxes || []));
  }
  item.addEventListener('mouseleave', () => showLayer(layer));
  return item;
}

function step(count) {
  const shown = shownCards();
  const next = shown[(shown.indexOf(opened) + count + shown.length) % shown.length];
  if (next) openCard(next);
}

for (const card of cards) card.addEventListener('click', () => openCard(card));
find('#viewer-close').addEventListener('click', () => viewer.close());
find('#viewer-previous').addEventListener('click', () => step(-1));
find('#viewer-next').addEventListener('click', () => step(1));
find('#viewer-fade').addEventListener('input', event => {
  document.documentElement.style.setProperty('--fade', event.target.value / 100);
});
viewer.addEventListener('click', event => { if (event.target === viewer) viewer.close(); });
viewer.addEventListener('close', () => { if (opened && !opened.hidden) opened.focus(); });

function viewerKey(key) {
  if (key === 'ArrowRight' || key === 'j') step(1);
  else if (key === 'ArrowLeft' || key === 'k') step(-1);
  else if (key === ' ') showLayer(layer === 'truth' && layers.includes('prediction') ? 'prediction' : 'truth');
  else if (layers[key - 1]) showLayer(layers[key - 1]);
  else return false;
  return true;
}

function pageKey(key) {
  const shown = shownCards();
  const at = shown.indexOf(document.activeElement);
  if (key === 'j' || key === 'k') {
    const next = shown[Math.min(Math.max(at + (key === 'j' ? 1 : -1), 0), shown.length - 1)];
    if (next) { next.focus({preventScroll: true}); next.scrollIntoView({block: 'center'}); }
  } else if (key === 'Enter' && at >= 0) openCard(shown[at]);
  else if (key === '/') find('[name="search"]').focus();
  else return false;
  return true;
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('input, select, textarea');
  if (typing) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  let used = true;
  if (event.key === 't') switchTheme();
  else if (event.key === '?') find('#help').open || find('#help').showModal();
  else if (find('#help').open) used = false;
  // A button keeps its space key.
  else if (event.key === ' ' && event.target.matches('button, summary')) used = false;
  else used = viewer.open ? viewerKey(event.key) : pageKey(event.key);
  if (used) event.preventDefault();
});
