const cards = findAll('.card');
const LAYER_NAMES = {input: 'Input', truth: 'Truth', prediction: 'Prediction', errors: 'Errors'};

function fillStack(stack, picture, layer, boxes) {
  const base = make('img', {class: 'base', alt: '', src: picture.input});
  stack.className = `stack ${layer}`;
  stack.replaceChildren(base);
  if (layer !== 'input') {
    const alt = `${LAYER_NAMES[layer]} of ${picture.name}`;
    stack.append(make('img', {class: 'layer', alt, src: picture[layer]}));
  } else {
    base.alt = picture.name;
  }
  for (const [kind, ...sides] of boxes) {
    const [left, top, width, height] = sides.map(side => `${100 * side}%`);
    const style = `left:${left};top:${top};width:${width};height:${height}`;
    stack.append(make('span', {class: `box ${kind}`, style}));
  }
}

// Pictures are decoded when their card comes near the window.
function fillCard(card) {
  const picture = data.pictures[card.dataset.picture];
  const boxes = JSON.parse(card.dataset.boxes);
  const panels = find('.panels', card);
  for (const layer of panels.dataset.layers.split(' ')) {
    const stack = make('div', {style: `aspect-ratio: ${picture.width} / ${picture.height}`});
    const own = layer === 'input' ? boxes
      : boxes.filter(([kind]) => layer === 'errors' || kind === layer);
    fillStack(stack, picture, layer, own);
    panels.append(make('div', {class: 'panel'}, stack,
      make('span', {class: 'tag'}, LAYER_NAMES[layer])));
  }
}
const observer = new IntersectionObserver(entries => {
  for (const {isIntersecting, target} of entries) {
    if (!isIntersecting) continue;
    observer.unobserve(target);
    fillCard(target);
  }
}, {rootMargin: '600px'});
for (const card of cards) {
  const picture = data.pictures[card.dataset.picture];
  // The place is kept, so that nothing jumps.
  find('.panels', card).style.minHeight = '200px';
  observer.observe(card);
  card.dataset.name = picture.name.toLowerCase();
}

const filters = find('#filters');
function applyFilters() {
  const wanted = Object.fromEntries(new FormData(filters));
  let shown = 0;
  for (const card of cards) {
    const {kind, cause, size, name} = card.dataset;
    const fits = (!wanted.kind || kind === wanted.kind)
      && (!wanted.cause || cause.split(' ').includes(wanted.cause))
      && (!wanted.class || JSON.parse(card.dataset.class).includes(wanted.class))
      && (!wanted.size || size === wanted.size)
      && (!wanted.search || name.includes(wanted.search.toLowerCase()));
    card.hidden = !fits;
    shown += fits;
  }
  find('#shown').textContent = shown;
  find('#none').hidden = shown > 0;
}
filters.addEventListener('input', applyFilters);
filters.addEventListener('submit', event => event.preventDefault());
document.addEventListener('click', event => {
  if (event.target.closest('[data-reset]')) {
    filters.reset();
    applyFilters();
  }
  const setter = event.target.closest('[data-set]');
  if (setter) {
    filters.reset();
    filters.elements[setter.dataset.set].value = setter.dataset.value;
    applyFilters();
    find('#gallery').scrollIntoView();
  }
});
const shownCards = () => cards.filter(card => !card.hidden);
