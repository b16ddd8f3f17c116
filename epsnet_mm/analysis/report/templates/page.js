const data = JSON.parse(document.getElementById('data').textContent);
const find = (selector, parent = document) => parent.querySelector(selector);
const findAll = (selector, parent = document) => [...parent.querySelectorAll(selector)];

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function makeSvg(tag, attributes = {}) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// Light or dark: the system decides until someone switches.
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
function switchTheme() {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
}
find('#theme').addEventListener('click', switchTheme);
find('#help-button').addEventListener('click', () => find('#help').showModal());

// Tables are sorted by the text of a column: as numbers where it is one.
function sortTable(heading) {
  const table = heading.closest('table');
  const column = [...heading.parentNode.children].indexOf(heading);
  const isNumber = heading.classList.contains('num');
  const before = heading.getAttribute('aria-sort');
  // The first click shows the largest numbers, and names from A on.
  const first = isNumber ? 'descending' : 'ascending';
  const other = isNumber ? 'ascending' : 'descending';
  const order = before === first ? other : first;
  for (const each of findAll('th[aria-sort]', table)) each.setAttribute('aria-sort', 'none');
  heading.setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  const text = row => row.children[column].textContent.trim();
  const compare = (a, b) => isNumber
    ? parseFloat(text(a)) - parseFloat(text(b)) : text(a).localeCompare(text(b));
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((a, b) => sign * compare(a, b)));
}
for (const heading of findAll('.sortable th[aria-sort]')) {
  find('button', heading).addEventListener('click', () => sortTable(heading));
}
