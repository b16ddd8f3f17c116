// The matrix is drawn here, as most cells of many classes are empty.
const names = data.confusion.names;
const last = names.length;
const SIDE = 460;
const LABELS = names.length <= 40;
const MARGIN = LABELS ? 98 : 14;
const LIMIT = 8;
const matrixSvg = find('#matrix');
let matrixKind = 'segments';
let hot = [0, 0];

const rowName = row => row === last ? 'nothing' : names[row];
const columnName = column => column === last ? 'nothing' : names[column];
const unit = count => matrixKind.slice(0, count === 1 ? -1 : undefined);
const rowSum = row => data.confusion[matrixKind][row].reduce((sum, x) => sum + x, 0);

function describeCell(row, column) {
  const count = data.confusion[matrixKind][row][column];
  const total = rowSum(row);
  const share = total ? ` (${(100 * count / total).toFixed(1)} % of its row)` : '';
  return `${rowName(row)} \u2192 ${columnName(column)}: ${count.toLocaleString('en')} ${unit(count)}${share}`;
}

function drawMatrix() {
  const matrix = data.confusion[matrixKind];
  const cell = SIDE / (last + 1);
  const total = MARGIN + SIDE;
  matrixSvg.setAttribute('viewBox', `0 0 ${total + 4} ${total + 4}`);
  matrixSvg.replaceChildren(makeSvg('rect', {class: 'frame', x: MARGIN, y: MARGIN, width: SIDE, height: SIDE}));
  matrix.forEach((counts, row) => {
    const sum = rowSum(row);
    if (LABELS) drawLabels(row, cell);
    counts.forEach((count, column) => {
      if (!count) return;
      const strength = 12 + 88 * Math.sqrt(count / sum);
      const color = row === column ? 'var(--accent)' : '#e8590c';
      matrixSvg.append(makeSvg('rect', {
        x: MARGIN + column * cell + .5, y: MARGIN + row * cell + .5,
        width: Math.max(cell - 1, .5), height: Math.max(cell - 1, .5),
        style: `fill: color-mix(in srgb, ${color} ${strength.toFixed(0)}%, var(--track))`,
      }));
    });
  });
  matrixSvg.append(makeSvg('rect', {class: 'hot', width: cell, height: cell}));
  moveTo(...hot);
  listConfusions();
}

function drawLabels(row, cell) {
  const middle = MARGIN + (row + .5) * cell;
  const label = text => text.length > 14 ? text.slice(0, 13) + '\u2026' : text;
  const left = makeSvg('text', {x: MARGIN - 4, y: middle + 3, 'text-anchor': 'end'});
  left.textContent = label(rowName(row));
  const above = makeSvg('text', {transform: `translate(${middle + 3} ${MARGIN - 4}) rotate(-60)`});
  above.textContent = label(columnName(row));
  matrixSvg.append(left, above);
}

function moveTo(row, column) {
  hot = [row, column].map(x => Math.min(Math.max(x, 0), last));
  const cell = SIDE / (last + 1);
  const frame = find('.hot', matrixSvg);
  frame.setAttribute('x', MARGIN + hot[1] * cell);
  frame.setAttribute('y', MARGIN + hot[0] * cell);
  find('#cell').textContent = describeCell(...hot);
}

function listConfusions() {
  const found = [];
  data.confusion[matrixKind].forEach((counts, row) => counts.forEach((count, column) => {
    if (count && row !== column && row !== last && column !== last) found.push([count, row, column]);
  }));
  found.sort((a, b) => b[0] - a[0]);
  find('#confusions').replaceChildren(...found.slice(0, LIMIT).map(([, row, column]) => {
    const button = make('button', {type: 'button', class: 'link', 'data-set': 'class', 'data-value': names[row]},
      `${names[row]} \u2192 ${names[column]}`);
    const rest = describeCell(row, column).split(': ').pop();
    const item = make('li', {}, button, make('span', {class: 'muted'}, ` ${rest}`));
    item.addEventListener('mouseenter', () => moveTo(row, column));
    return item;
  }));
  if (!found.length) find('#confusions').append(make('li', {}, 'none'));
}

function pointedCell(event) {
  const box = matrixSvg.getBoundingClientRect();
  const scale = (MARGIN + SIDE + 4) / box.width;
  const at = (value, start) => Math.floor(((value - start) * scale - MARGIN) / (SIDE / (last + 1)));
  return [at(event.clientY, box.top), at(event.clientX, box.left)];
}

matrixSvg.addEventListener('pointermove', event => moveTo(...pointedCell(event)));
matrixSvg.addEventListener('click', event => moveTo(...pointedCell(event)));
matrixSvg.addEventListener('keydown', event => {
  const move = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
  if (!move) return;
  event.preventDefault();
  moveTo(hot[0] + move[0], hot[1] + move[1]);
});
for (const button of findAll('[data-matrix]')) {
  button.addEventListener('click', () => {
    matrixKind = button.dataset.matrix;
    for (const each of findAll('[data-matrix]')) each.setAttribute('aria-pressed', each === button);
    drawMatrix();
  });
}
drawMatrix();
