// Draws a result, and answers the pointer. Thresholds of scores and opacity need no
// request: all segments are here, as a picture of their numbers.
const HELP = 'Drop an image, take one with the camera, or click an example.';
const THING_LINE = [255, 255, 255];
const STUFF_LINE = [40, 40, 40];
const VOID_BRIGHTNESS = 0.4;
// Smaller images are drawn enlarged, so that outlines and labels are crisp.
const MIN_SIDE = 1000;
// A label is at most so many times as large as its segment, as in pictures.
const MAX_COVER = 1.2;

const find = (selector) => element.querySelector(selector);
const stage = find('.stage');
const picture = find('canvas.picture');
const focus = find('canvas.focus');
const tip = find('.tip');
const body = find('tbody');

const settings = { score: 0, opacity: 0.55, labels: true };
let data = null;
let ids = null;
let pixels = null;
let shown = new Map();
let hovered = 0;
let pinned = 0;
let newest = 0;

function show(state, message) {
  stage.dataset.state = state;
  find('.message').textContent = message;
  const ready = state === 'ready';
  if (!ready) {
    data = null;
    shown = new Map();
    body.replaceChildren();
    find('.summary').textContent = '';
  }
  for (const button of element.querySelectorAll('button[data-file]')) {
    button.disabled = !ready;
  }
}

async function load(value) {
  newest += 1;
  const turn = newest;
  if (!value || !value.segments) {
    show(value && value.error ? 'error' : 'empty', (value && value.error) || HELP);
    return;
  }
  const [image, numbers] = await Promise.all([decode(value.image), decode(value.ids)]);
  // A newer result may have come in meanwhile.
  if (turn !== newest) {
    return;
  }
  const scale = Math.max(1, Math.ceil(MIN_SIDE / Math.max(image.width, image.height)));
  const width = image.width * scale;
  const height = image.height * scale;
  for (const canvas of [picture, focus]) {
    canvas.width = width;
    canvas.height = height;
  }
  pixels = read(image, width, height, true);
  const encoded = read(numbers, width, height, false);
  ids = new Uint16Array(width * height);
  for (let i = 0; i < ids.length; i += 1) {
    ids[i] = encoded[4 * i] + 256 * encoded[4 * i + 1];
  }
  data = { ...value, scale };
  hovered = 0;
  pinned = 0;
  fit();
  fillTable();
  show('ready', '');
  refresh();
}

async function decode(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

function read(image, width, height, smooth) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

// As large as fits the column, and no higher than most of the screen.
function fit() {
  const ratio = picture.width / picture.height;
  find('.frame').style.width = `min(100%, ${Math.round(72 * ratio)}vh)`;
  find('.frame').style.aspectRatio = `${picture.width} / ${picture.height}`;
}

function refresh() {
  if (!data) {
    return;
  }
  shown = new Map();
  for (const segment of data.segments) {
    if (segment.score === null || segment.score >= settings.score) {
      shown.set(segment.number, segment);
    }
  }
  for (const row of body.rows) {
    row.hidden = !shown.has(Number(row.dataset.number));
  }
  pinned = shown.has(pinned) ? pinned : 0;
  hovered = shown.has(hovered) ? hovered : 0;
  const things = [...shown.values()].filter((segment) => segment.thing).length;
  const total = data.segments.length;
  const counted = shown.size === total ? `${total}` : `${shown.size} of ${total}`;
  find('.summary').textContent =
    `${counted} segments (${things} things, ${shown.size - things} stuff) · ` +
    `${data.width} x ${data.height} · ${data.seconds.toFixed(2)} s`;
  paint();
  highlight();
}

function paint() {
  const { width, height } = picture;
  const context = picture.getContext('2d');
  const out = context.createImageData(width, height);
  const visible = visibleIds();
  const reach = Math.max(1, Math.round(Math.min(width, height) / 500));
  const opacity = settings.opacity;
  let last = -1;
  let color = null;
  for (let i = 0, p = 0; i < visible.length; i += 1, p += 4) {
    if (visible[i] !== last) {
      last = visible[i];
      color = last ? shown.get(last).color : null;
    }
    for (let c = 0; c < 3; c += 1) {
      out.data[p + c] = color
        ? pixels[p + c] * (1 - opacity) + color[c] * opacity
        : pixels[p + c] * VOID_BRIGHTNESS;
    }
    out.data[p + 3] = 255;
  }
  drawOutlines(out.data, visible, width, height, reach);
  context.putImageData(out, 0, 0);
  if (settings.labels) {
    drawLabels(context);
  }
}

function visibleIds() {
  const table = new Uint16Array(65536);
  for (const number of shown.keys()) {
    table[number] = number;
  }
  return ids.map((number) => table[number]);
}

// Stuff first, so that no other line covers those of things.
function drawOutlines(target, visible, width, height, reach) {
  for (const things of [false, true]) {
    for (let y = 0, i = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1, i += 1) {
        const number = visible[i];
        if (!number || shown.get(number).thing !== things) {
          continue;
        }
        const edge =
          (x + reach < width && visible[i + reach] !== number) ||
          (x >= reach && visible[i - reach] !== number) ||
          (y + reach < height && visible[i + reach * width] !== number) ||
          (y >= reach && visible[i - reach * width] !== number);
        if (edge) {
          target.set(things ? THING_LINE : STUFF_LINE, 4 * i);
        }
      }
    }
  }
}

// The largest segments first. A label that would hide its segment loses its score or is
// left out, and so is one that would cover another label.
function drawLabels(context) {
  const perPixel = picture.width / (picture.clientWidth || picture.width);
  const taken = [];
  context.font = `600 ${Math.round(13 * perPixel)}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const height = 22 * perPixel;
  for (const segment of [...shown.values()].sort((a, b) => b.area - a.area)) {
    const room = (MAX_COVER * segment.share * picture.width * picture.height) / height;
    const widthOf = (text) => context.measureText(text).width + 14 * perPixel;
    const text = [label(segment), segment.name].find((one) => widthOf(one) <= room);
    if (!segment.label || !text) {
      continue;
    }
    const width = widthOf(text);
    const [x, y] = segment.label.map((value) => (value + 0.5) * data.scale);
    const left = clamp(x - width / 2, 2, picture.width - width - 2);
    const top = clamp(y - height / 2, 2, picture.height - height - 2);
    const box = [left, top, left + width, top + height];
    if (taken.some((other) => touch(box, other))) {
      continue;
    }
    taken.push(box);
    context.fillStyle = 'rgba(17, 24, 39, 0.78)';
    context.beginPath();
    context.roundRect(left, top, width, height, 6 * perPixel);
    context.fill();
    context.fillStyle = '#fff';
    context.fillText(text, left + 7 * perPixel, top + height / 2 + perPixel);
  }
}

const clamp = (value, low, high) => Math.max(low, Math.min(value, high));
const touch = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
const label = (segment) =>
  segment.score === null ? segment.name : `${segment.name} ${segment.score.toFixed(2)}`;

// Darken all but one segment, and mark its row.
function highlight() {
  const number = hovered || pinned;
  const context = focus.getContext('2d');
  context.clearRect(0, 0, focus.width, focus.height);
  for (const row of body.rows) {
    row.classList.toggle('active', Number(row.dataset.number) === number);
    row.classList.toggle('pinned', Number(row.dataset.number) === pinned);
    row.setAttribute('aria-selected', Number(row.dataset.number) === pinned);
  }
  focus.setAttribute('aria-label', number ? describe(shown.get(number)) : 'Segments');
  if (!number) {
    return;
  }
  const shade = context.createImageData(focus.width, focus.height);
  for (let i = 0; i < ids.length; i += 1) {
    if (ids[i] !== number) {
      shade.data[4 * i + 3] = 120;
    }
  }
  context.putImageData(shade, 0, 0);
  // Again, as a label may lie on bright and dark pixels.
  if (settings.labels) {
    drawLabels(context);
  }
}

const describe = (segment) =>
  [segment.name, ...details(segment)].join(', ');

function details(segment) {
  const area = segment.area.toLocaleString('en');
  const share = `${(100 * segment.share).toFixed(1)} %`;
  const score = segment.score === null ? 'stuff' : `score ${segment.score.toFixed(2)}`;
  return [score, `${area} px`, share];
}

function showTip(event, number) {
  tip.hidden = !number;
  if (!number) {
    return;
  }
  const segment = shown.get(number);
  const name = document.createElement('b');
  name.textContent = segment.name;
  const line = document.createElement('span');
  line.textContent = details(segment).join(' · ');
  tip.replaceChildren(name, line);
  const frame = focus.getBoundingClientRect();
  const x = event.clientX - frame.left;
  const y = event.clientY - frame.top;
  const { offsetWidth: width, offsetHeight: height } = tip;
  tip.style.left = `${clamp(x + 16, 4, Math.max(4, frame.width - width - 4))}px`;
  tip.style.top = `${y > height + 16 ? y - height - 10 : y + 18}px`;
}

function numberAt(event) {
  const frame = focus.getBoundingClientRect();
  const x = Math.floor(((event.clientX - frame.left) / frame.width) * focus.width);
  const y = Math.floor(((event.clientY - frame.top) / frame.height) * focus.height);
  const number = ids ? ids[y * focus.width + x] : 0;
  return shown.has(number) ? number : 0;
}

function hover(number) {
  if (number !== hovered) {
    hovered = number;
    highlight();
  }
}

function pin(number) {
  pinned = pinned === number ? 0 : number;
  highlight();
}

function fillTable() {
  const sorted = [...data.segments].sort((a, b) => b.area - a.area);
  body.replaceChildren(...sorted.map(makeRow));
}

function makeRow(segment) {
  const row = document.createElement('tr');
  row.dataset.number = segment.number;
  row.tabIndex = 0;
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  swatch.style.background = `rgb(${segment.color.join(', ')})`;
  const kind = document.createElement('span');
  kind.className = 'kind';
  kind.textContent = segment.thing ? '' : 'stuff';
  row.insertCell().append(swatch, segment.name, kind);
  row.insertCell().textContent = segment.score === null ? '-' : segment.score.toFixed(2);
  row.insertCell().textContent = `${segment.area.toLocaleString('en')} px`;
  const share = row.insertCell();
  share.className = 'share';
  share.textContent = `${(100 * segment.share).toFixed(1)} %`;
  return row;
}

const rowNumber = (event) => {
  const row = event.target.closest('tr[data-number]');
  return row ? Number(row.dataset.number) : 0;
};

async function download(button) {
  const text = button.textContent;
  button.disabled = true;
  button.textContent = 'Writing …';
  try {
    const file = await server.download({
      token: data.token,
      kind: button.dataset.file,
      score: settings.score,
      opacity: settings.opacity,
    });
    if (file.error) {
      show('error', file.error);
      return;
    }
    const link = document.createElement('a');
    link.href = `data:application/octet-stream;base64,${file.content}`;
    link.download = file.name;
    link.click();
  } catch {
    show('error', 'The server does not answer; start epsnet demo again.');
  } finally {
    button.textContent = text;
    button.disabled = !data;
  }
}

focus.addEventListener('pointermove', (event) => {
  const number = numberAt(event);
  hover(number);
  showTip(event, number);
});
focus.addEventListener('pointerleave', () => {
  hover(0);
  tip.hidden = true;
});
focus.addEventListener('click', (event) => {
  pin(numberAt(event));
  showTip(event, numberAt(event));
});
focus.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    pin(pinned);
  }
});
body.addEventListener('pointerover', (event) => hover(rowNumber(event)));
body.addEventListener('pointerleave', () => hover(0));
body.addEventListener('focusin', (event) => hover(rowNumber(event)));
body.addEventListener('focusout', () => hover(0));
body.addEventListener('click', (event) => pin(rowNumber(event)));
body.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    pin(rowNumber(event));
  }
});
for (const button of element.querySelectorAll('button[data-file]')) {
  button.addEventListener('click', () => download(button));
}
// Labels keep their size on the screen.
let resized = 0;
new ResizeObserver(() => {
  clearTimeout(resized);
  resized = setTimeout(() => data && paint(), 150);
}).observe(picture);

// The sliders of the page call this.
window.epsnetSegments = {
  set(name, value) {
    settings[name] = value;
    refresh();
  },
};
watch('value', () => load(props.value));
load(props.value);
