/* Sending: what is stored, what is acknowledged, and that the same id never makes two messages. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connect, guest, randomId, Refused, refusal, wholeHistory } from '../lib/client.mjs';
import { encodeFrame, jsonFrame, OP, rawUpgrade } from '../lib/raw.mjs';
import { startServer, UNLIMITED } from '../lib/server.mjs';
import { times } from '../lib/wait.mjs';

const MAX_BYTES = 2048;
const server = await startServer({ t: { after }, settings: { ...UNLIMITED, message_max_bytes: MAX_BYTES } });
assert.equal((await server.command('room', 'add', 'other')).code, 0);

/** [sent, stored, why] */
const bodies = [
  ['hello', 'hello', 'plain'],
  [' \t\r\n hello \n\n there \u3000 ', 'hello \n\n there', 'white space at both ends goes, inside it stays'],
  ['**a** <b>&amp;</b> `c`', '**a** <b>&amp;</b> `c`', 'Markdown and HTML are stored as written'],
  ['{"type":"message","seq":1}', '{"type":"message","seq":1}', 'JSON in a body'],
  ['"quotes" \\ \\u0041 / \t\r\n.', '"quotes" \\ \\u0041 / \t\n.', 'what JSON must escape, and CRLF is a newline'],
  ['Grüße, 世界, שלום, 👩‍👩‍👧‍👦, e\u0301', 'Grüße, 世界, שלום, 👩‍👩‍👧‍👦, e\u0301', 'all of Unicode, not normalised'],
  [
    '\u{10ffff}\uffff\u2028\u2029\ufeff.',
    '\u{10ffff}\uffff\u2028\u2029\ufeff.',
    'the ends of Unicode, and what JavaScript stumbles over',
  ],
  ['x'.repeat(MAX_BYTES), 'x'.repeat(MAX_BYTES), 'as long as may be'],
  [
    ' '.repeat(500) + 'é'.repeat(MAX_BYTES / 2),
    'é'.repeat(MAX_BYTES / 2),
    'the limit holds for what is left after trimming',
  ],
];

test('a body arrives as it was sent, but for white space at its ends', async (t) => {
  const [anna, ben] = await Promise.all([connect(server, { t, name: 'Anna' }), connect(server, { t, name: 'Ben' })]);
  await Promise.all([anna.join('lobby'), ben.join('lobby')]);
  for (const [sent, stored, why] of bodies) {
    const id = randomId();
    const before = Date.now();
    const ack = await anna.send('lobby', sent, { id });
    assert.ok(ack.at >= before - 1000 && ack.at <= Date.now() + 1000, `at ${ack.at}`);
    for (const view of [await anna.sees(1, ack.seq), await ben.sees(1, ack.seq)]) {
      const { type, room, seq, author, body, at, id: echoed, ...rest } = view.events.at(-1);
      assert.equal(body, stored, why);
      assert.deepEqual(
        { type, room, seq, at, id: echoed, name: author.name },
        { type: 'message', room: 1, seq: ack.seq, at: ack.at, id, name: 'Anna' },
      );
      assert.ok(author.id > 0, 'with the first message a visitor gets a user id');
      assert.deepEqual(rest, {});
    }
  }
});

test('escapes that are no characters are refused or kept whole, never cut', async (t) => {
  const raw = await rawUpgrade(server, t);
  raw.write(jsonFrame({ type: 'join', room: 1 }));
  for (const escape of ['\\u0000', '\\ud800', '\\udc00\\ud800']) {
    const id = randomId();
    const text = JSON.stringify({ type: 'send', id, room: 1, body: 'before@after' }).replace('@', escape);
    raw.write(encodeFrame(OP.text, text));
    for (;;) {
      const answer = await raw.json();
      if (answer.type === 'error') {
        assert.match(answer.code, /^invalid(_json)?$/, escape);
        break;
      }
      if (answer.type === 'message' && answer.id === id) {
        assert.equal(answer.body, JSON.parse(`"before${escape}after"`), escape);
        break;
      }
    }
  }
});

test('a reply names an earlier message of the same room', async (t) => {
  const client = await connect(server, { t });
  await client.join('lobby');
  const { seq: first } = await client.send('lobby', 'a question');
  const { seq: second } = await client.send('lobby', 'an answer', { reply_to: first });
  const view = await client.sees(1, second);
  assert.equal(view.events.at(-1).reply_to, first);
  assert.equal((await refusal(client.send('lobby', 'to the future', { reply_to: second + 1 }))).code, 'not_found');
  assert.equal((await refusal(client.send('other', 'to another room', { reply_to: first }))).code, 'not_found');
  assert.equal((await client.send('lobby', 'no number was lost')).seq, second + 1);
});

test('one need not have joined a room to send to it', async (t) => {
  const [sender, reader] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  const { room, last_seq: last } = await reader.join('other');
  assert.equal((await sender.send(room, 'from outside')).seq, last + 1);
  await reader.sees(room, last + 1);
});

test('many messages in one packet are numbered in their order and all acknowledged', async (t) => {
  const [sender, reader] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  const { last_seq: last } = await reader.join('lobby');
  const acks = [];
  for (let round = 0; round < 10; round++) {
    acks.push(...(await times(200, (i) => sender.send('lobby', `number ${200 * round + i}`))));
  }
  assert.deepEqual(
    acks.map((ack) => ack.seq),
    acks.map((_, i) => last + 1 + i),
  );
  const view = await reader.sees(1, last + acks.length);
  assert.deepEqual(
    view.events.slice(-acks.length).map((event) => event.body),
    acks.map((_, i) => `number ${i}`),
  );
  assert.ok(
    acks.every((ack, i) => i === 0 || ack.at >= acks[i - 1].at),
    'times go backwards',
  );
});

test('the same id gives the first result again, over any connection of the guest, and for ever', async (t) => {
  const { cookie } = await guest(server, 'Idem');
  const id = randomId();
  const client = await connect(server, { t, cookie });
  const first = await client.send('lobby', 'once', { id });
  assert.equal(first.duplicate, undefined);
  const again = await client.send('lobby', 'once', { id });
  assert.deepEqual(again, { ...first, duplicate: true });
  const elsewhere = await connect(server, { t, cookie });
  assert.deepEqual(
    await elsewhere.send(1, '  once ', { id }),
    again,
    'room by id, and white space that is trimmed anyway',
  );
  client.drop();
  await server.restart();
  const later = await connect(server, { t, cookie });
  assert.deepEqual(await later.send('lobby', 'once', { id }), again, 'after a restart');
  assert.equal((await wholeHistory(later, 1)).filter((event) => event.id === id).length, 1);
});

test('the same id for something else is refused', async (t) => {
  const { cookie } = await guest(server, 'Reuser');
  const client = await connect(server, { t, cookie });
  const { seq: target } = await client.send('lobby', 'a target');
  const id = randomId();
  await client.send('lobby', 'original', { id });
  for (const [room, body, why] of [
    ['lobby', 'changed', 'body'],
    ['other', 'original', 'room'],
    ['lobby', 'Original', 'case of the body'],
  ]) {
    assert.equal((await refusal(client.send(room, body, { id }))).code, 'id_reused', why);
  }
  const { seq } = await client.send('lobby', 'goes on', { reply_to: target });
  assert.equal(seq, target + 2, 'a refused one took a number');
});

test('the same id from two users makes two messages', async (t) => {
  const [anna, ben] = await Promise.all([connect(server, { t }), connect(server, { t })]);
  const id = randomId();
  const [one, two] = await Promise.all([anna.send('lobby', 'same id', { id }), ben.send('lobby', 'same id', { id })]);
  assert.notEqual(one.seq, two.seq);
  assert.equal(one.duplicate ?? two.duplicate, undefined);
});

test('sent again while the first is still under way: one message, one seq in every answer', async (t) => {
  const { cookie } = await guest(server, 'Hasty');
  const connections = await times(4, () => rawUpgrade(server, t, { headers: { Cookie: cookie } }));
  for (let round = 0; round < 20; round++) {
    const id = randomId();
    const frame = jsonFrame({ type: 'send', id, room: 1, body: `round ${round}` });
    for (const raw of connections) raw.write(Buffer.concat([frame, frame, frame]));
    const answers = [];
    for (const raw of connections) for (let i = 0; i < 3; i++) answers.push(await raw.message({ id }));
    assert.equal(new Set(answers.map((answer) => answer.seq)).size, 1, JSON.stringify(answers));
    assert.equal(
      answers.filter((answer) => answer.type === 'ack' && !answer.duplicate).length,
      1,
      JSON.stringify(answers),
    );
  }
});

test('a connection that is cut while sends are under way: sent again, each is there once', async (t) => {
  const { cookie } = await guest(server, 'Cut');
  const ids = Array.from({ length: 200 }, randomId);
  const body = (id) => `body of ${id}`;
  const answered = new Map();
  for (let round = 0; answered.size < ids.length; round++) {
    assert.ok(round < 100, 'it never comes to an end');
    const client = await connect(server, { t, cookie });
    const open = ids.filter((id) => !answered.has(id));
    const answers = open.map((id) =>
      client.send('lobby', body(id), { id }).then(
        (ack) => answered.set(id, ack.seq),
        (error) => {
          if (error instanceof Refused) throw error;
        },
      ),
    );
    await answers[Math.min(open.length - 1, 10 * round)];
    client.drop();
    await Promise.all(answers);
  }
  const client = await connect(server, { t });
  const mine = (await wholeHistory(client, 1)).filter((event) => ids.includes(event.id));
  assert.equal(mine.length, ids.length);
  for (const event of mine) {
    assert.equal(event.seq, answered.get(event.id));
    assert.equal(event.body, body(event.id));
  }
});
