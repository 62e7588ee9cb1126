/* The measuring tools, measured: against a server that makes known mistakes, does each find what is wrong, and nothing else? */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../lib/wait.mjs';
import { goal, median, medians, percentile, table } from '../harness/figures.mjs';
import { probe, signInWave } from '../harness/http_load.mjs';
import { filesystemOf } from '../harness/machine.mjs';
import { freePort, runToEnd, startListening } from '../harness/processes.mjs';
import { histogramPercentile } from '../harness/prometheus.mjs';
import { buildGenerators, preparePeer } from '../harness/tools.mjs';

const STAND_IN = fileURLToPath(new URL('stand_in.mjs', import.meta.url));
const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
const LIMIT_MS = 60_000;
let tools;

before(async () => {
  tools = await buildGenerators();
});

function directoryFor(t) {
  const directory = mkdtempSync(join(tmpdir(), 'hubbub-bench-test-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function standIn(t, fault = 'none', { data = directoryFor(t), port } = {}) {
  const at = port ?? (await freePort());
  const args = [
    STAND_IN,
    '--config',
    'none',
    '--set',
    `listening_ports=127.0.0.1:${at}`,
    '--set',
    `data_dir=${data}`,
    '--set',
    `fault=${fault}`,
  ];
  writeFileSync(join(data, 'rooms'), 'r0\nr1\n');
  const server = await startListening(process.execPath, args, at);
  t.after(server.stop);
  return { ...server, data };
}

async function chatload(args) {
  const all = ['--json', '--settle', 0.1, '--warmup', 0.1, '--duration', 0.5, '--drain', 1, ...args].map(String);
  const { code, stdout, stderr } = await runToEnd(tools.chatload, all, { limitMs: LIMIT_MS });
  return { code, stderr, result: stdout ? JSON.parse(stdout) : null };
}

const IN_ROOMS = [
  '--conns',
  40,
  '--groups',
  2,
  '--senders',
  2,
  '--hello',
  '{"type":"join","id":"j%d","room":"r%g"}',
  '--joined',
  '{"type":"ack","id":"j',
  '--send-template',
  '{"type":"send","id":"%m","room":"r%g","body":"%s"}',
];

describe('chatload', () => {
  for (const [what, load] of [
    ['closed loop', ['--window', 3]],
    ['open loop', ['--rate', 200]],
    ['two threads', ['--rate', 200, '--threads', 2]],
  ]) {
    test(`finds nothing wrong where nothing is: ${what}`, async (t) => {
      const server = await standIn(t);
      const { code, result } = await chatload([
        '--port',
        server.port,
        '--server-pid',
        server.pid,
        ...IN_ROOMS,
        ...load,
      ]);
      assert.equal(code, 0);
      assert.equal(result.opened, 40);
      assert.ok(result.deliveries_per_s > 0);
      assert.equal(result.received, result.expected);
      assert.equal(result.expected, result.sent * 20);
      assert.ok(result.latency_ms.p50 > 0 && result.latency_ms.p50 <= result.latency_ms.p99);
      assert.ok(result.server.rss_kb_connected > 1000 && result.server.threads > 0);
    });
  }

  test('paces an open loop by the clock', async (t) => {
    const server = await standIn(t);
    const { result } = await chatload(['--port', server.port, ...IN_ROOMS, '--rate', 100, '--duration', 1]);
    assert.equal(result.sent_per_s, 100);
  });

  for (const [fault, key] of [
    ['lose', 'lost'],
    ['double', 'again'],
    ['misroute', 'misrouted'],
    ['cut', 'cut_off'],
  ]) {
    test(`notices a server that makes the mistake: ${fault}`, async (t) => {
      const server = await standIn(t, fault);
      const { code, result } = await chatload(['--port', server.port, ...IN_ROOMS, '--rate', 200]);
      assert.equal(code, 1);
      assert.ok(result[key] > 0, `${key} is ${result[key]}`);
    });
  }

  test('says when nobody is there', async () => {
    const { code, stderr } = await chatload(['--port', await freePort(), '--conns', 3]);
    assert.equal(code, 2);
    assert.match(stderr, /Connection refused/);
  });

  test('leaves out what stalled connections do not read, and reads it at the end', async (t) => {
    const server = await standIn(t);
    const { code, result } = await chatload([
      '--port',
      server.port,
      ...IN_ROOMS,
      '--rate',
      100,
      '--slow',
      4,
      '--slow-source',
      '127.0.0.98',
    ]);
    assert.equal(code, 0);
    assert.equal(result.expected, result.sent * 18);
    assert.equal(result.slow_read, result.sent * 2);
  });

  test('counts what bystanders get, and does not wait for messages there', async (t) => {
    const server = await standIn(t);
    const args = ['--port', server.port, ...IN_ROOMS, '--bystanders', 10, '--rate', 100, '--duration', 1, '--drain', 2];
    const { code, result } = await chatload(args);
    assert.equal(code, 0);
    assert.equal(result.opened, 40);
    assert.equal(result.expected, result.sent * 15);
    assert.ok(Math.abs(result.bystander_frames - 1000) < 100, `${result.bystander_frames} frames in the window`);
    assert.ok(
      result.bystander_bytes > 60 * result.bystander_frames && result.bystander_bytes < 80 * result.bystander_frames,
    );
  });

  test('notices a message that reaches a bystander', async (t) => {
    const server = await standIn(t, 'stray');
    const { code, result } = await chatload(['--port', server.port, ...IN_ROOMS, '--bystanders', 10, '--rate', 100]);
    assert.equal(code, 1);
    assert.ok(result.misrouted > 0);
  });

  test('fills the holes of texts', async (t) => {
    const server = await standIn(t);
    const seen = ['--path', '/ws?who=%d-%D-%g', '--conns', 12, '--groups', 2, '--idle'];
    assert.equal((await chatload(['--port', server.port, ...seen])).code, 0);
    const paths = readFileSync(join(server.data, 'paths'), 'utf8').trim().split('\n');
    assert.deepEqual(
      paths.sort(),
      Array.from({ length: 12 }, (_, i) => `/ws?who=${i}-${String(i).padStart(8, '0')}-${i % 2}`).sort(),
    );
  });

  test('measures the bound', async (t) => {
    const port = await freePort();
    const server = await startListening(await preparePeer['c-hub'](), ['127.0.0.1', String(port)], port);
    t.after(server.stop);
    const { code, result } = await chatload([
      '--port',
      port,
      '--path',
      '/ws?room=%g',
      '--conns',
      60,
      '--groups',
      3,
      '--senders',
      6,
      '--window',
      2,
    ]);
    assert.equal(code, 0);
    assert.equal(result.expected, result.sent * 20);
  });

  for (const [args, why] of [
    [['--conns', '0'], /above 0/],
    [['--conns', 'ten'], /whole number/],
    [['--what', '1'], /no such option/],
    [['--port'], /value is missing/],
    [['--senders', '5', '--conns', '4'], /more than the connections/],
    [['--host', 'here'], /IPv4/],
    [['--send-template', 'x'], /no %s/],
    [['--conns', '4', '--senders', '2', '--bystanders', '3'], /more than the connections/],
  ]) {
    test(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await chatload(args);
      assert.equal(code, 2);
      assert.match(stderr, why);
    });
  }
});

async function reconnect(t, fault) {
  const first = await standIn(t);
  const { code, stdout } = await runToEnd(
    tools.reconnect,
    ['--port', first.port, '--conns', '50', '--timeout', '8'].map(String),
    {
      limitMs: LIMIT_MS,
      onLine: (line, write) => {
        if (line !== 'restart') return;
        first
          .stop()
          .then(() => standIn(t, fault, { data: first.data, port: first.port }))
          .then(
            () => write('done\n'),
            () => write('\n'),
          );
      },
    },
  );
  return { code, result: JSON.parse(stdout.split('\n').at(-1)) };
}

describe('reconnect', () => {
  test('sees everybody come back whole', async (t) => {
    const { code, result } = await reconnect(t, 'none');
    assert.equal(code, 0);
    assert.equal(result.caught_up, 50);
    assert.equal(result.complete, 50);
    assert.equal(result.told_restart, 50);
    assert.ok(result.last_seq >= 150 && result.caught_up_s > 0);
  });
  test('notices gaps', async (t) => {
    const { code, result } = await reconnect(t, 'lose');
    assert.equal(code, 1);
    assert.ok(result.gaps > 0);
  });
  test('notices what comes twice', async (t) => {
    const { code, result } = await reconnect(t, 'double');
    assert.equal(code, 1);
    assert.ok(result.again > 0);
  });
});

describe('pages', () => {
  for (const [fault, wrong] of [
    ['none', 0],
    ['wrong_page', 300],
  ]) {
    test(`${fault}: ${wrong} pages are wrong`, async (t) => {
      const server = await standIn(t, fault);
      const args = ['--port', server.port, '--fill', 2000, '--requests', 200, '--limit', 50].map(String);
      const { code, stdout } = await runToEnd(tools.pages, args, { limitMs: LIMIT_MS });
      const result = JSON.parse(stdout);
      assert.equal(code, wrong ? 1 : 0);
      assert.equal(result.messages, 2000);
      assert.equal(result.wrong, wrong);
      assert.ok(result.p50_ms > 0 && result.p50_ms <= result.max_ms);
    });
  }
});

describe('welcome', () => {
  for (const [fault, wrong] of [
    ['none', 0],
    ['short_welcome', 30],
  ]) {
    test(`${fault}: ${wrong} welcomes are wrong`, async (t) => {
      const server = await standIn(t, fault);
      const args = ['--port', server.port, '--connects', 20, '--rooms', 3].map(String);
      const { code, stdout } = await runToEnd(tools.welcome, args, { limitMs: LIMIT_MS });
      const result = JSON.parse(stdout);
      assert.equal(code, wrong ? 1 : 0);
      assert.equal(result.wrong, wrong);
      assert.ok(result.bytes > 100 && result.both_ms.p50 > 0);
      assert.ok(result.both_ms.max >= result.welcome_ms.max && result.both_ms.max >= result.upgrade_ms.max);
    });
  }

  test('says when it is not let in', async () => {
    const { code, stderr } = await runToEnd(tools.welcome, ['--port', String(await freePort())], { limitMs: LIMIT_MS });
    assert.equal(code, 2);
    assert.match(stderr, /did not let in/);
  });
});

/** Ended; its new parent may not have noticed yet. */
function isGone(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').match(/\) (\S)/)[1] === 'Z';
  } catch (error) {
    return error.code === 'ENOENT' || error.code === 'ESRCH';
  }
}

/** run.mjs as ./dev bench runs it, with the stand-in as the program. */
async function bench(t, args) {
  const json = join(directoryFor(t), 'out.json');
  const env = { HUBBUB: STAND_IN };
  const { code, stdout, stderr } = await runToEnd(process.execPath, [RUN, '--rounds', '1', '--json', json, ...args], {
    env,
    limitMs: LIMIT_MS,
  });
  return { code, stdout, stderr, read: () => JSON.parse(readFileSync(json, 'utf8')) };
}

describe('run.mjs', () => {
  test('compares, judges, and writes it all down', async (t) => {
    const { code, stdout, stderr, read } = await bench(t, [
      'many-rooms',
      '1',
      '--servers',
      'c-hub,hubbub',
      '--seconds',
      '0.3',
      '--quick',
      '--scale',
      '0.05',
    ]);
    assert.equal(code, 0, stdout + stderr);
    const { scenarios, machine } = read();
    assert.deepEqual(
      scenarios.map(({ name }) => name),
      ['many-rooms', 'one-room'],
    );
    assert.ok(machine.data.sync_ms > 0);
    for (const { results } of scenarios) {
      assert.deepEqual(
        results.map(({ name }) => name),
        ['c-hub', 'hubbub'],
      );
      for (const { figures } of results) assert.ok(figures.deliveries_per_s > 0);
    }
    const ofBound = scenarios[1].goals.find(({ text }) => text.includes('the bound'));
    assert.equal(ofBound.met, false); // the stand-in is no match for it
    assert.equal(scenarios[1].goals.find(({ text }) => text.includes('nchan')).met, null); // was not measured
    assert.match(stdout, /NOT MET/);
  });

  test('fails when Hubbub delivers wrongly', async (t) => {
    const { code, stdout } = await bench(t, [
      'paced',
      '--servers',
      'hubbub',
      '--seconds',
      '0.3',
      '--quick',
      '--scale',
      '0.05',
      '--set',
      'fault=double',
    ]);
    assert.equal(code, 1);
    assert.match(stdout, /FAILED +2 paced/);
  });

  test('goes through the scenarios that are about Hubbub alone', async (t) => {
    const { code, stdout, stderr, read } = await bench(t, [
      'stalled',
      'reconnect',
      'pages',
      '--servers',
      'hubbub',
      '--quick',
      '--scale',
      '0.05',
      '--seconds',
      '1',
      '--messages',
      '5000',
    ]);
    assert.equal(code, 0, stdout + stderr);
    const [stalled, reconnected, pages] = read().scenarios;
    assert.equal(stalled.results.length, 2);
    assert.equal(reconnected.results[0].figures.complete, 250);
    assert.equal(pages.results[0].figures.messages, 5000);
  });

  test('says what it cannot do', async (t) => {
    assert.equal((await bench(t, ['everything'])).code, 2);
    assert.match((await bench(t, ['--servers', 'apache'])).stderr, /no such server: apache/);
  });

  test('leaves nothing behind when it is interrupted', async (t) => {
    const child = spawn(
      process.execPath,
      [RUN, 'one-room', '--servers', 'hubbub', '--scale', '0.05', '--seconds', '20'],
      {
        env: { ...process.env, HUBBUB: STAND_IN },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const inside = () =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(Number);
    await until(() => inside().length >= 2, 'the server and chatload');
    const pids = inside();
    child.kill('SIGINT');
    await ended;
    for (const pid of pids) await until(() => isGone(pid), `the end of ${pid}; ${said}`);
  });
});

/** An HTTP server for one test. */
async function answering(t, handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return server.address().port;
}

describe('http_load', () => {
  test('a wave counts what it is answered, and waits when it is told to', async (t) => {
    const addresses = new Set();
    const refused = { 429: { error: { retry_after_ms: 50 } }, 503: { error: { retry_after_ms: 50 } } };
    const port = await answering(t, (request, response) => {
      addresses.add(request.headers['x-forwarded-for']);
      let text = '';
      request
        .on('data', (part) => {
          text += part;
        })
        .on('end', () => {
          const { status } = JSON.parse(text);
          setTimeout(() => {
            response.writeHead(status).end(JSON.stringify(refused[status] ?? {}));
          }, 5);
        });
    });
    const statuses = [200, 401, 429, 503];
    const wave = await signInWave(port, {
      clients: 2,
      until: performance.now() + 1000,
      attempt: (_, i) => ({ status: statuses[i % 4] }),
    });
    const kinds = ['right', 'wrong', 'rate_limited', 'overloaded'].map((kind) => wave[kind]);
    assert.ok(Math.min(...kinds) >= Math.max(...kinds) - 2 && kinds[0] >= 2, `${kinds}`);
    assert.ok(kinds[2] + kinds[3] <= (2 * 1000) / 50 + 2, 'it waited');
    assert.equal(wave.failed, 0);
    assert.equal(wave.times_ms.length, kinds[0] + kinds[1]);
    assert.equal(
      addresses.size,
      kinds.reduce((sum, n) => sum + n),
    ); // each from another one
  });

  test('a wave says what failed', async (t) => {
    const port = await answering(t, (_, response) =>
      setTimeout(() => {
        response.writeHead(500).end('broken');
      }, 20),
    );
    const wave = await signInWave(port, { clients: 1, until: performance.now() + 100, attempt: () => ({}) });
    assert.ok(wave.failed >= 1);
    assert.equal(wave.why, 'broken');
  });

  test('a probe counts from when it was due', async (t) => {
    let busy = Promise.resolve(); // one after the other, 40 ms each, and one is due every 20 ms
    const port = await answering(t, (_, response) => {
      busy = busy
        .then(
          () =>
            new Promise((resolve) => {
              setTimeout(resolve, 40);
            }),
        )
        .then(() => response.end('ok'));
    });
    const { times_ms: times, failed } = await probe(port, '/', { perS: 50, until: performance.now() + 400 });
    assert.equal(failed, 0);
    assert.equal(times.length, 20);
    assert.ok(Math.max(...times) > 350, `${Math.max(...times)} ms`);
  });

  test('a probe counts what is not 200', async (t) => {
    const port = await answering(t, (_, response) => response.writeHead(503).end());
    const { times_ms: times, failed } = await probe(port, '/', { perS: 50, until: performance.now() + 100 });
    assert.equal(times.length, 0);
    assert.equal(failed, 5);
  });
});

describe('figures', () => {
  test('medians', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
    assert.deepEqual(
      medians([
        { a: 1, b: { c: 5 }, d: 'x' },
        { a: 3, b: { c: 7 }, d: 'y' },
      ]),
      { a: 2, b: { c: 6 } },
    );
  });
  test('percentiles', () => {
    assert.equal(percentile([3, 1, 2, 4], 0.5), 2);
    assert.equal(percentile([3, 1, 2, 4], 0.99), 4);
    assert.equal(percentile([5], 0), 5);
    assert.ok(Number.isNaN(percentile([], 0.5)));
  });
  test('a table keeps its columns', () => {
    assert.deepEqual(table(['a', 'bb'], [['ccc', 'd']]), ['a    bb', '---  --', 'ccc   d']);
  });
  test('a goal that could not be measured is not judged', () => {
    assert.equal(goal('x', NaN, () => true).met, null);
    assert.equal(goal('x', 1, (v) => v > 2).met, false);
    assert.equal(goal('x', 3, (v) => v > 2).met, true);
  });
  test('percentiles of a histogram on /metrics', () => {
    const samples = new Map([
      ['hubbub_history_us_bucket{le="256"}', 50],
      ['hubbub_history_us_bucket{le="512"}', 100],
      ['hubbub_history_us_bucket{le="+Inf"}', 100],
      ['hubbub_history_us_count', 100],
      ['other_bucket{le="1"}', 9],
    ]);
    const p99 = histogramPercentile(samples, 'history', 0.99);
    assert.equal(p99.name, 'hubbub_history_us');
    assert.equal(p99.upper_ms, 0.512);
    assert.ok(p99.ms > 0.5 && p99.ms < 0.512);
    assert.equal(histogramPercentile(samples, 'nothing', 0.99), null);
  });
  test('the filesystem of a folder', () => {
    assert.equal(filesystemOf('/proc').type, 'proc');
  });
});
