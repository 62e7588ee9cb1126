/* One HTTP request on a connection of its own, and its answer untouched: no redirects, no decoding, no connection
 * that is kept. */
import { request } from 'node:http';
import { within } from './wait.mjs';

/**
 * @param {{ port: number }} server
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: string }} [options]
 * @returns {Promise<{ status: number, headers: Record<string, any>, body: Buffer, text: string, json: () => any }>}
 */
export function ask(server, path, { method = 'GET', headers = {}, body } = {}) {
  const answer = new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const options = {
      host: '127.0.0.1',
      port: server.port,
      path,
      method,
      headers: { ...length, ...headers },
      agent: false,
    };
    const sent = request(options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const text = bytes.toString();
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: bytes,
          text,
          json: () => JSON.parse(text),
        });
      });
    });
    sent.on('error', reject).end(body);
  });
  return within(answer, `${method} ${path}`);
}

/** POST with a JSON text as its body, as our page does, or a program with a token. */
export function postJson(server, path, body, headers = {}) {
  const all = { 'Content-Type': 'application/json', ...headers };
  return ask(server, path, { method: 'POST', body, headers: { ...asOurPage(server, all), ...all } });
}

/**
 * What a browser says wherever something can be changed: that our own page asks. Nothing where the headers say which
 * page does, or have the token of a program.
 */
export function asOurPage(server, headers) {
  if (headers.Authorization || headers.Origin !== undefined || headers['Sec-Fetch-Site']) return {};
  const scheme = headers['X-Forwarded-Proto'] === 'https' ? 'https' : 'http';
  return { Origin: `${scheme}://${headers.Host ?? `127.0.0.1:${server.port}`}` };
}

/** The `name=value` of the cookie that an answer sets. */
export function cookieOf(answer) {
  return answer.headers['set-cookie'][0].split(';')[0];
}
