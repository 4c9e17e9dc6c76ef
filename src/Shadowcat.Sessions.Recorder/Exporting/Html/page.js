'use strict';
// Works on what is in the page already. Nothing that was recorded is ever read as markup: texts are only put in as textContent.
(() => {
  const messages = [...document.querySelectorAll('main details')];
  const text = document.getElementById('text');
  const method = document.getElementById('method');
  const errors = document.getElementById('errors');
  const count = document.getElementById('count');

  // More would make a browser lay out too much at once.
  const mostUnfolded = 500;
  // A larger payload is shown as it is.
  const mostFormatted = 1 << 20;
  const mostColoured = 1 << 17;

  document.getElementById('tools').hidden = false;
  for (const name of [...new Set(messages.map(message => message.dataset.method))].filter(name => name).sort()) {
    method.add(new Option(name, name));
  }

  const shown = () => messages.filter(message => !message.hidden);

  function filter() {
    const wanted = new RegExp(text.value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i');
    for (const message of messages) {
      message.hidden = (errors.checked && !message.classList.contains('bad'))
        || (method.value !== '' && message.dataset.method !== method.value)
        || (text.value !== '' && !wanted.test(message.textContent));
    }
    const visible = shown().length;
    count.textContent = visible === messages.length ? '' : `${visible} of ${messages.length}`;
  }

  let waiting;
  text.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  method.addEventListener('change', filter);
  errors.addEventListener('change', filter);
  document.getElementById('unfold').addEventListener('click', () => shown().slice(0, mostUnfolded).forEach(message => { message.open = true; }));
  document.getElementById('fold').addEventListener('click', () => messages.forEach(message => { message.open = false; }));

  document.addEventListener('keydown', event => {
    if (event.key === '/' && !['INPUT', 'SELECT'].includes(document.activeElement.tagName)) {
      event.preventDefault();
      text.focus();
    } else if (event.key === 'Escape' && document.activeElement === text) {
      text.value = '';
      filter();
    }
  });

  // The tokens of JSON. Text is only moved, never parsed: numbers keep their digits, and members that are there twice stay.
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

  function isJson(source) {
    try {
      JSON.parse(source);
      return true;
    } catch {
      return false;
    }
  }

  function format(source) {
    const parts = [];
    let depth = 0;
    const line = () => '\n' + '  '.repeat(depth);
    const tokens = source.match(token) ?? [];
    tokens.forEach((part, place) => {
      const previous = tokens[place - 1];
      if (part === '{' || part === '[') {
        depth++;
        parts.push([part, '']);
        if (tokens[place + 1] !== '}' && tokens[place + 1] !== ']') {
          parts.push([line(), '']);
        }
      } else if (part === '}' || part === ']') {
        depth--;
        parts.push([previous === '{' || previous === '[' ? part : line() + part, '']);
      } else if (part === ',') {
        parts.push([part + line(), '']);
      } else if (part === ':') {
        parts.push([': ', '']);
      } else {
        parts.push([part, part[0] !== '"' ? 'number' : tokens[place + 1] === ':' ? 'key' : 'string']);
      }
    });
    return parts;
  }

  function show(payload, source, isFormatted) {
    if (!isFormatted) {
      payload.textContent = source;
      return;
    }
    const parts = format(source);
    if (source.length > mostColoured) {
      payload.textContent = parts.map(part => part[0]).join('');
      return;
    }
    payload.replaceChildren(...parts.map(([part, kind]) => {
      if (kind === '') {
        return document.createTextNode(part);
      }
      const coloured = document.createElement('span');
      coloured.className = kind;
      coloured.textContent = part;
      return coloured;
    }));
  }

  function prepare(message) {
    const payload = message.querySelector('pre');
    if (payload === null || message.querySelector('.form') !== null) {
      return;
    }
    const source = payload.textContent;
    if (source.length > mostFormatted || !isJson(source)) {
      return;
    }
    const button = document.createElement('button');
    let isFormatted = true;
    const apply = () => {
      show(payload, source, isFormatted);
      button.textContent = isFormatted ? 'as it was' : 'formatted';
    };
    button.type = 'button';
    button.className = 'form';
    button.addEventListener('click', () => {
      isFormatted = !isFormatted;
      apply();
    });
    message.querySelector('.facts').append(button);
    apply();
  }

  document.addEventListener('toggle', event => {
    if (event.target.open) {
      prepare(event.target);
    }
  }, true);

  function unfoldTarget() {
    const target = messages.find(message => `#${message.id}` === location.hash);
    if (target) {
      target.hidden = false;
      target.open = true;
      target.scrollIntoView();
      target.firstElementChild.focus();
    }
  }
  addEventListener('hashchange', unfoldTarget);
  unfoldTarget();
})();
