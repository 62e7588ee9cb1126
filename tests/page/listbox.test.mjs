import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from '../../www/lib/listbox.js';

const open = { isOpen: true, active: 1, count: 3, isAnswered: true };
const empty = { ...open, active: -1, count: 0 };
const cases = [
  ['ArrowDown', open, { to: 2 }],
  ['ArrowDown', { ...open, active: 2 }, { to: 0 }, 'from the last to the first'],
  ['ArrowUp', open, { to: 0 }],
  ['ArrowUp', { ...open, active: 0 }, { to: 2 }, 'from the first to the last'],
  ['ArrowDown', empty, { to: 0 }, 'nothing to choose from'],
  ['ArrowUp', empty, { to: 0 }, 'nothing to choose from'],
  ['Enter', open, 'pick'],
  ['Enter', { ...open, isAnswered: false }, 'wait', 'the options of an earlier text are not meant'],
  ['Escape', open, 'close'],
  ['a', open, null, 'it is typed'],
  ['Home', open, null, 'it moves the caret'],
  ['ArrowDown', { ...open, isOpen: false }, 'open'],
  ['ArrowUp', { ...open, isOpen: false }, null],
  ['Enter', { ...open, isOpen: false }, null, 'it is left to the form'],
  ['Escape', { ...open, isOpen: false }, null, 'it is left to the dialog'],
];
for (const [key, state, want, why = ''] of cases) {
  test(`${key}, ${state.isOpen ? `option ${state.active} of ${state.count}` : 'closed'}: ${JSON.stringify(want)} ${why}`, () => {
    assert.deepEqual(commandOf(key, state), want);
  });
}
