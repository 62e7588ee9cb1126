import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../www/net/api.js';
import { Connection } from '../../www/net/connection.js';
import { FakeClock, settled } from './lib/fakes.mjs';

class FakeSocket {
  readyState = 0;
  sent = [];
  closedWith = null;

  accept(frame = { type: 'welcome' }) {
    this.readyState = 1;
    this.say(frame);
  }

  say(frame) {
    this.onmessage({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  fail(code = 1006, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }
}

/** @param {object} [options] `identities`: what each question after who we are is answered; the last one stays */
function connectionWith({ identities = [true], random = () => 0 } = {}) {
  const clock = new FakeClock();
  const made = {
    clock,
    sockets: [],
    frames: [],
    downs: 0,
    ended: [],
    asked: 0,
    get socket() {
      return made.sockets.at(-1);
    },
    async open() {
      made.connection.start();
      await settled();
      made.socket.accept();
      made.connection.settled();
    },
    async pass(ms) {
      clock.pass(ms);
      await settled();
    },
  };
  made.connection = new Connection({
    open: () => {
      const socket = new FakeSocket();
      made.sockets.push(socket);
      return socket;
    },
    async identify() {
      made.asked++;
      const identity = identities.length > 1 ? identities.shift() : identities[0];
      if (identity instanceof Error) throw identity;
      return identity;
    },
    onEnded: (why) => void made.ended.push(why),
    onFrame: (frame) => void made.frames.push(frame),
    onDown: () => void made.downs++,
    clock,
    random,
  });
  return made;
}

test('asks who we are, opens, and is open with the welcome', async () => {
  const made = connectionWith();
  made.connection.start();
  assert.equal(made.connection.state, 'connecting');
  await settled();
  assert.equal(made.connection.send({ type: 'typing' }), false);
  made.sockets[0].accept();
  assert.equal(made.connection.state, 'open');
  assert.deepEqual(made.frames, [{ type: 'welcome' }]);
  assert.notEqual(made.connection.downSince, null, 'until the rooms have caught up');
  made.connection.settled();
  assert.equal(made.connection.downSince, null);
});

test('nobody yet: stops, and starts when there is a name', async () => {
  const made = connectionWith({ identities: [false, true] });
  made.connection.start();
  await settled();
  assert.deepEqual([made.connection.state, made.sockets.length], ['stopped', 0]);
  made.connection.start();
  await settled();
  assert.equal(made.sockets.length, 1);
});

test('waits longer and longer, up to thirty seconds', async () => {
  const made = connectionWith({ identities: [new ApiError(0, { code: 'unreachable' })], random: () => 1 });
  made.connection.start();
  const waits = [];
  for (let n = 0; n < 9; n++) {
    await settled();
    assert.deepEqual([made.connection.state, made.connection.cause], ['waiting', 'unreachable']);
    waits.push(made.connection.retryAt - made.clock.now());
    made.clock.pass(waits[n]);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000]);
});

test('a refused question says why: the server is full', async () => {
  const made = connectionWith({ identities: [new ApiError(503), new ApiError(429), true] });
  made.connection.start();
  await settled();
  assert.equal(made.connection.cause, 'full');
  await made.pass(500);
  assert.equal(made.connection.cause, 'crowded');
});

test('a lost socket: tells, waits, comes back without asking again who we are', async () => {
  const made = connectionWith();
  await made.open();
  await made.pass(60_000 - 40_000);
  made.socket.fail();
  assert.deepEqual([made.downs, made.connection.state, made.connection.cause], [1, 'waiting', 'lost']);
  await made.pass(500);
  assert.deepEqual([made.sockets.length, made.asked], [2, 1]);
  made.socket.accept();
  assert.equal(made.connection.state, 'open');
});

test('a socket that was refused: asks again who we are', async () => {
  const made = connectionWith({ identities: [true, false] });
  made.connection.start();
  await settled();
  made.socket.fail();
  assert.equal(made.downs, 0);
  await made.pass(500);
  assert.deepEqual([made.asked, made.connection.state, made.sockets.length], [2, 'stopped', 1]);
});

test('a connection that held starts the waiting times anew, one that did not goes on', async () => {
  const made = connectionWith({ random: () => 1 });
  await made.open();
  for (const want of [1000, 2000, 4000]) {
    made.socket.fail();
    assert.equal(made.connection.retryAt - made.clock.now(), want);
    await made.pass(want);
    made.socket.accept();
  }
  await made.pass(5_000);
  made.socket.fail();
  assert.equal(made.connection.retryAt - made.clock.now(), 1000);
});

test('bye: comes back when asked to', async () => {
  const made = connectionWith();
  await made.open();
  made.socket.say({ type: 'bye', reason: 'restart', reconnect_in_ms: 1200 });
  made.socket.fail(1012);
  assert.equal(made.connection.cause, 'restart');
  await made.pass(1199);
  assert.equal(made.sockets.length, 1);
  await made.pass(1);
  assert.equal(made.sockets.length, 2);
});

test('flood: stays away for ten seconds at least', async () => {
  const made = connectionWith();
  await made.open();
  made.socket.fail(1008, 'flood');
  assert.equal(made.connection.cause, 'flood');
  assert.equal(made.connection.retryAt - made.clock.now(), 10_000);
});

test('retryNow and wake do not wait, and make one try, not two', async () => {
  for (const wake of [(c) => c.retryNow(), (c) => c.wake(true), (c) => c.wake(false)]) {
    const made = connectionWith();
    await made.open();
    made.socket.fail();
    wake(made.connection);
    await made.pass(60_000);
    assert.ok(made.sockets.length >= 2);
    assert.equal(made.sockets.slice(1).filter(({ closedWith }) => closedWith === null).length, 1);
  }
});

test('a handshake without an answer is given up', async () => {
  const made = connectionWith();
  made.connection.start();
  await settled();
  const [stalled] = made.sockets;
  await made.pass(10_000);
  assert.equal(stalled.closedWith, 1000);
  assert.equal(made.connection.state, 'waiting');
  stalled.accept();
  assert.equal(made.connection.state, 'waiting', 'too late is too late');
});

test('a quiet socket has to answer a ping', async () => {
  const made = connectionWith();
  await made.open();
  await made.pass(25_000);
  const [ping] = made.socket.sent;
  assert.equal(ping.type, 'ping');
  made.socket.say({ type: 'ack', id: ping.id });
  await made.pass(24_999);
  assert.equal(made.socket.sent.length, 1, 'and is believed again');
  await made.pass(1 + 10_000);
  assert.deepEqual([made.downs, made.connection.state], [1, 'waiting']);
});

test('whatever comes is an answer', async () => {
  const made = connectionWith();
  await made.open();
  await made.pass(25_000);
  made.socket.say({ type: 'typing', room: 1, user: { id: 8, name: 'Ben' } });
  await made.pass(10_000);
  assert.equal(made.connection.state, 'open');
});

test('after a sleep, four seconds are enough to doubt', async () => {
  const made = connectionWith();
  await made.open();
  made.connection.send({ type: 'send', id: 'x' });
  made.connection.wake(true);
  await made.pass(4_000);
  assert.equal(made.connection.state, 'waiting');
});

test('a request without doubt sends nothing', async () => {
  const made = connectionWith();
  await made.open();
  made.connection.wake(false);
  assert.deepEqual(made.socket.sent, []);
});

test('answers find their requests, in whatever order', async () => {
  const made = connectionWith();
  await made.open();
  const asked = [
    made.connection.request({ type: 'join' }),
    made.connection.request({ type: 'history' }),
    made.connection.request({ type: 'join' }),
  ];
  const [first, second, third] = made.socket.sent.map(({ id }) => id);
  made.socket.say({ type: 'history', id: second, events: [] });
  made.socket.say({ type: 'error', id: third, code: 'not_found', message: 'No such room.' });
  made.socket.say({ type: 'ack', id: first, last_seq: 4 });
  const [one, two, three] = await Promise.allSettled(asked);
  assert.equal(one.value.last_seq, 4);
  assert.equal(two.value.type, 'history');
  assert.equal(three.reason.code, 'not_found');
  assert.deepEqual(made.frames, [{ type: 'welcome' }], 'and go nowhere else');
});

test("somebody's message with the id of a request is no answer", async () => {
  const made = connectionWith();
  await made.open();
  const asked = made.connection.request({ type: 'join' });
  const [{ id }] = made.socket.sent;
  made.socket.say({ type: 'message', id, seq: 1 });
  assert.equal(made.frames[1].type, 'message');
  made.socket.say({ type: 'ack', id });
  assert.equal((await asked).type, 'ack');
});

test('what was asked on a lost connection is refused', async () => {
  const made = connectionWith();
  await made.open();
  const asked = made.connection.request({ type: 'history' });
  made.socket.fail();
  await assert.rejects(asked, (reason) => reason === null);
  await assert.rejects(made.connection.request({ type: 'history' }), (reason) => reason === null);
});

test('lists are answered by a frame that is called like the request', async () => {
  const made = connectionWith();
  await made.open();
  const asked = made.connection.request({ type: 'people', query: 'an' });
  const [{ id }] = made.socket.sent;
  made.socket.say({ type: 'people', id, people: [{ id: 7, name: 'Anna' }], more: false });
  assert.equal((await asked).people[0].name, 'Anna');
});

test('requestWhenOpen waits for a connection that is on its way, but not for ever, nor for one that was stopped', async () => {
  const made = connectionWith();
  made.connection.start();
  const asked = made.connection.requestWhenOpen({ type: 'people' });
  await settled();
  made.socket.accept();
  await settled();
  const [{ id }] = made.socket.sent;
  made.socket.say({ type: 'people', id, people: [] });
  assert.equal((await asked).type, 'people');

  made.socket.fail();
  const never = assert.rejects(made.connection.requestWhenOpen({ type: 'people' }), (reason) => reason === null);
  await made.pass(500);
  await made.pass(9_500);
  await never;
  const stopped = assert.rejects(made.connection.requestWhenOpen({ type: 'people' }), (reason) => reason === null);
  made.connection.stop();
  await stopped;
  await assert.rejects(made.connection.requestWhenOpen({ type: 'people' }), (reason) => reason === null);
});

for (const [reason, why] of [
  ['session ended', 'session_ended'],
  ['banned', 'banned'],
]) {
  test(`closed for good, as ${reason}: stops, and says why`, async () => {
    const made = connectionWith();
    await made.open();
    made.socket.fail(1008, reason);
    assert.deepEqual([made.connection.state, made.ended, made.downs], ['stopped', [why], 1]);
    await made.pass(60_000);
    assert.equal(made.sockets.length, 1);
    made.connection.start(true);
    assert.deepEqual([made.asked, made.sockets.length], [1, 2], 'who has just signed in need not be asked for again');
  });
}

test('frames that are none are ignored', async () => {
  const made = connectionWith();
  await made.open();
  for (const text of ['', '{', '7', 'null', '{"typo":1}']) made.socket.say(text);
  assert.equal(made.frames.length, 1);
  assert.equal(made.connection.state, 'open');
});

test('stop: no socket, no timer, nothing more', async () => {
  const made = connectionWith();
  await made.open();
  made.connection.stop();
  assert.deepEqual([made.downs, made.connection.state, made.socket.closedWith], [1, 'stopped', 1000]);
  await made.pass(600_000);
  assert.equal(made.sockets.length, 1);
});

test('a socket that was let go cannot speak any more', async () => {
  const made = connectionWith();
  await made.open();
  const [old] = made.sockets;
  made.connection.reconnect();
  await made.pass(500);
  old.say({ type: 'message', seq: 1 });
  old.fail();
  assert.deepEqual([made.frames.length, made.downs, made.sockets.length], [1, 1, 2]);
});
