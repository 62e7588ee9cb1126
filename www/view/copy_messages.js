/* Copying from the timeline: author, time and text of each selected message, and nothing else. Within one message, the
 * browser copies the selection itself. */

/** @param {Range} range @returns {string} as it is drawn, with its lines */
function textOf(range) {
  const holder = document.createElement('div');
  holder.className = 'prose visually-hidden';
  holder.append(range.cloneContents());
  for (const button of holder.querySelectorAll('button')) button.remove();
  document.body.append(holder);
  const text = holder.innerText;
  holder.remove();
  return text.trim();
}

/** The part of a range that is in an element; null: none. @param {Range} range @param {Element} element */
function within(range, element) {
  if (!range.intersectsNode(element)) return null;
  const part = document.createRange();
  part.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0)
    part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  return part;
}

/** @param {ClipboardEvent} event */
export function copyMessages(event) {
  const selection = getSelection();
  const isField = event.target instanceof Element && event.target.closest('input, textarea');
  if (isField || !selection?.rangeCount || !event.clipboardData) return;
  const range = selection.getRangeAt(0);
  const { commonAncestorContainer: common } = range;
  if ((common instanceof Element ? common : common.parentElement)?.closest('.message__body, dialog, .composer')) return;

  const copied = [];
  for (const message of document.querySelectorAll('.timeline__rows .message')) {
    const body = message.querySelector('.message__body');
    const part = body && within(range, body);
    const text = part ? textOf(part) : '';
    if (!text) continue;
    const author = message.querySelector('[id$="-author"]')?.textContent ?? '';
    const time = message.querySelector('time')?.textContent ?? '';
    copied.push({ text, whole: `${[author, time].filter(Boolean).join(', ')}\n${text}` });
  }
  if (!copied.length) return;
  event.preventDefault();
  event.clipboardData.setData(
    'text/plain',
    copied.length > 1 ? copied.map(({ whole }) => whole).join('\n\n') : copied[0].text,
  );
}
