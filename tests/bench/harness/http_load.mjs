/* Requests over plain HTTP, of a crowd that signs in and of somebody who only looks whether the server answers. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 10_000;
const RETRY_MS = 500; // where the server does not say when to come again

/** The answer, read to its end. As in a browser, a connection that the server has closed meanwhile, for it was kept long enough,
 *  is no failure: the request goes out again on a new one. @returns {Promise<{ status: number, text: string }>} */
function ask(port, path, options = {}) {
  const { agent = false, method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, agent, timeout: LIMIT_MS, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    sent.once('timeout', () => sent.destroy(new Error(`${path} was not answered`)));
    sent.once('error', (error) => {
      if (sent.reusedSocket && error.code === 'ECONNRESET') ask(port, path, options).then(resolve, reject);
      else reject(error);
    });
    sent.end(body);
  });
}

/**
 * Asks for a path `perS` times a second until `until`, each time on a connection of its own, and whether or not the answers
 * before have come: a time counts from when its request was due.
 * @returns {Promise<{ times_ms: number[], failed: number }>}
 */
export async function probe(port, path, { perS, until }) {
  const times = [];
  const going = [];
  let failed = 0;
  for (let due = performance.now(); due < until; due += 1000 / perS) {
    await sleep(Math.max(0, due - performance.now()));
    going.push(
      ask(port, path).then(
        ({ status }) => {
          if (status === 200) times.push(performance.now() - due);
          else failed++;
        },
        () => {
          failed++;
        },
      ),
    );
  }
  await Promise.all(going);
  return { times_ms: times, failed };
}

const OUTCOMES = { 200: 'right', 401: 'wrong', 429: 'rate_limited', 503: 'overloaded' };

/** One browser behind a proxy: it signs in again and again, on one connection as long as the server keeps that. */
async function signInOnAndOn(port, number, { until, attempt, outcome }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; performance.now() < until; i++) {
    const body = JSON.stringify(attempt(number, i));
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'X-Forwarded-For': `10.${number % 256}.${(i >> 8) % 256}.${i % 256}`,
    };
    const began = performance.now();
    const { status, text } = await ask(port, '/api/v1/sign_in', { agent, method: 'POST', headers, body }).catch(
      (error) => ({ status: 0, text: error.message }),
    );
    const kind = OUTCOMES[status] ?? 'failed';
    outcome(kind, performance.now() - began, text);
    if (kind === 'overloaded' || kind === 'rate_limited')
      await sleep(JSON.parse(text).error.retry_after_ms ?? RETRY_MS);
  }
  agent.destroy();
}

/**
 * A crowd signs in until `until`, each attempt from another forwarded address; who is told to come again later does.
 * @param {{ clients: number, until: number, attempt: (client: number, i: number) => { name: string, password: string } }} crowd
 * @returns {Promise<{ right: number, wrong: number, rate_limited: number, overloaded: number, failed: number, times_ms: number[], why: string }>}
 *   times_ms: of those whose password was looked at; why: what the last failed one met
 */
export async function signInWave(port, { clients, until, attempt }) {
  const result = { right: 0, wrong: 0, rate_limited: 0, overloaded: 0, failed: 0, times_ms: [], why: '' };
  const outcome = (kind, ms, text) => {
    result[kind]++;
    if (kind === 'right' || kind === 'wrong') result.times_ms.push(ms);
    if (kind === 'failed') result.why = text;
  };
  await Promise.all(
    Array.from({ length: clients }, (_, number) => signInOnAndOn(port, number, { until, attempt, outcome })),
  );
  return result;
}
