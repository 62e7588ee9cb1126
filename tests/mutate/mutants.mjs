/* The mutants of a C file: each is the file with one small mistake in it, such as tests should notice.
 *
 *     comparison   == and != change places, < becomes <=, > becomes >=, and back
 *     condition    an operand of && or ||, or the condition of an if, a while, a for or a ?:, is taken for true or for false
 *     constant     a number or a character is one more; true and false change places
 *     return       a function returns the opposite, OK instead of an error (and back), NULL, one more, or not so early
 *
 * The text is read token by token, without a compiler: what makes no sense in C is refused by the compiler later. Left alone are
 * directives, assertions, strings, {0}, the sizes of declared arrays, and the comparison that looks for the smaller of two. */

/** @typedef {{ text: string, at: number, end: number, kind: 'word' | 'number' | 'character' | 'sign' }} Token */
/** @typedef {{ kind: string, at: number, end: number, line: number, was: string, becomes: string }} Mutant */

const TOKEN = new RegExp(
  [
    String.raw`(?<skipped>/\*[^]*?\*/|//.*|^[ \t]*#(?:.*\\\n)*.*|\s+|"(?:[^"\\\n]|\\.)*")`,
    String.raw`(?<character>[uUL]?'(?:[^'\\\n]|\\.)+')`,
    String.raw`(?<word>[A-Za-z_]\w*)`,
    String.raw`(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)`,
    String.raw`(?<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|[<>=!+\-*/%&|^]=|&&|\|\||[^])`,
  ].join('|'),
  'gmy',
);

/** @param {string} text @returns {Token[]} */
function tokensOf(text) {
  return [...text.matchAll(TOKEN)].flatMap(({ groups, 0: found, index }) => {
    const kind = /** @type {Token['kind']} */ (
      ['word', 'number', 'character', 'sign'].find((name) => groups?.[name] !== undefined)
    );
    return kind ? [{ text: found, at: index, end: index + found.length, kind }] : [];
  });
}

const CLOSING = { '(': ')', '[': ']', '{': '}' };

/** For each bracket, where its partner is. @param {Token[]} tokens */
function partnersOf(tokens) {
  const partners = new Map();
  const open = [];
  tokens.forEach(({ text }, i) => {
    if (text in CLOSING) open.push(i);
    else if (open.length > 0 && text === CLOSING[tokens[open.at(-1)].text]) {
      const from = open.pop();
      partners.set(from, i).set(i, from);
    }
  });
  return partners;
}

const COMPARISONS = { '==': '!=', '!=': '==', '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='];
/** What ends an operand, from the loosest operator on. */
const STATEMENT = [',', ';', '{', '}', '(', ')', '[', ']', ...ASSIGNMENTS, 'return', 'case', 'else', 'do'];
const CHOICE = [...STATEMENT, '?', ':'];
const ENDS = { '?': CHOICE, '||': [...CHOICE, '||'], '&&': [...CHOICE, '||', '&&'] };

const ASSERTIONS = /^(assert|static_assert|_Static_assert)$/;
const TYPE_WORDS = /^(static|extern|inline|const|_Noreturn|_Thread_local|volatile)$/;

/** What a function returns, by the words before its name. @param {string[]} words */
function returned(words) {
  const type = words.filter((word) => !TYPE_WORDS.test(word));
  if (type.includes('*')) return 'pointer';
  if (type.includes('struct') || type.includes('union')) return 'struct';
  if (type[0] === 'enum' && type[1] === 'err') return 'err';
  if (type[0] === 'bool' || type[0] === 'void') return type[0];
  return 'number';
}

class Reader {
  /** @type {Mutant[]} */
  mutants = [];

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.tokens = tokensOf(text);
    this.partners = partnersOf(this.tokens);
  }

  /** The tokens from `from` to before `to` become something else. */
  #add(kind, from, to, becomes) {
    const [at, end] = [this.tokens[from].at, this.tokens[to - 1].end];
    if (this.mutants.some((m) => m.at === at && m.end === end && m.becomes === becomes)) return;
    this.mutants.push({
      kind,
      at,
      end,
      line: this.text.slice(0, at).split('\n').length,
      was: this.text.slice(at, end),
      becomes,
    });
  }

  #is(i, ...texts) {
    return texts.includes(this.tokens[i]?.text);
  }

  /** Where the operand that ends before `i` begins. */
  #begin(i, ends) {
    let from = i;
    while (from > 0) {
      const before = from - 1;
      if (this.#is(before, ')', ']', '}') && this.partners.has(before)) {
        if (this.#is(before, '}') && !this.#isLiteral(before)) break;
        from = this.partners.get(before);
      } else if (this.#is(before, ...ends)) break;
      else from = before;
    }
    return from;
  }

  /** Behind the operand that begins at `i`. */
  #end(i, ends) {
    let to = i;
    while (to < this.tokens.length) {
      if (this.#is(to, '(', '[') || (this.#is(to, '{') && this.#is(to - 1, ')')))
        to = (this.partners.get(to) ?? to) + 1;
      else if (this.#is(to, ...ends)) break;
      else to++;
    }
    return to;
  }

  /** A compound literal, (type){...}, and not the end of a block. */
  #isLiteral(closing) {
    const open = this.partners.get(closing);
    return this.#is(open - 1, ')') && this.#is(closing + 1, '.', ')', ',', '&&', '||', ';');
  }

  /** `int name[8]`, and no place in an array. */
  #isArraySize(i) {
    if (!this.#is(i - 1, '[') || !this.#is(i + 1, ']') || !this.#is(i + 2, ';', '=', ',', '[', ')')) return false;
    const before = this.tokens[i - 3];
    return before !== undefined && (before.text === '*' || (before.kind === 'word' && before.text !== 'return'));
  }

  /** `a < b ? a : b`: where both are equal, it is the same which one is taken. */
  #isSmallerOrLarger(i) {
    const choice = this.#end(i + 1, ENDS['?']);
    const other = this.#end(choice + 1, CHOICE);
    if (!this.#is(choice, '?') || !this.#is(other, ':')) return false;
    const words = (from, to) =>
      this.tokens
        .slice(from, to)
        .map(({ text }) => text)
        .join(' ');
    const compared = [words(this.#begin(i, ENDS['?']), i), words(i + 1, choice)];
    const chosen = [words(choice + 1, other), words(other + 1, this.#end(other + 1, CHOICE))];
    return compared.sort().join() === chosen.sort().join();
  }

  #comparison(i) {
    const becomes = COMPARISONS[this.tokens[i].text];
    if (!this.#isSmallerOrLarger(i)) this.#add('comparison', i, i + 1, becomes);
  }

  #constant(i) {
    const { text, kind } = this.tokens[i];
    if (kind === 'word') {
      if (text === 'true') this.#add('constant', i, i + 1, 'false');
      if (text === 'false') this.#add('constant', i, i + 1, 'true');
    } else if (!(this.#is(i - 1, '{') && this.#is(i + 1, '}')) && !this.#isArraySize(i)) {
      const plain = /^\d{1,9}$/.test(text) && !/^0\d/.test(text);
      this.#add('constant', i, i + 1, plain ? String(Number(text) + 1) : `(${text} + 1)`);
    }
  }

  #operands(i) {
    const operator = this.tokens[i].text;
    const neutral = operator === '&&' ? '1' : '0';
    this.#add('condition', this.#begin(i, ENDS[operator]), i, neutral);
    this.#add('condition', i + 1, this.#end(i + 1, ENDS[operator]), neutral);
  }

  /** The tokens from `from` to before `to` are a condition. A loop that never ends would only be waited for. */
  #condition(from, to, isLoop) {
    if (to <= from) return;
    this.#add('condition', from, to, '0');
    const hasOperands = this.tokens.slice(from, to).some(({ text }) => text === '&&' || text === '||');
    if (!isLoop && !hasOperands) this.#add('condition', from, to, '1');
  }

  #statement(i) {
    const close = this.partners.get(i + 1);
    if (!close || !this.#is(i + 1, '(')) return;
    if (!this.#is(i, 'for')) {
      this.#condition(i + 2, close, this.#is(i, 'while'));
      return;
    }
    const first = this.#end(i + 2, [';']);
    this.#condition(first + 1, this.#end(first + 1, [';']), true);
  }

  #return(i, type) {
    const end = this.#end(i + 1, [';']);
    const value = this.tokens.slice(i + 1, end);
    const text = value.length > 0 ? this.text.slice(value[0].at, value.at(-1).end) : '';
    const add = (becomes) => this.#add('return', i, end, becomes);
    const isConstant = value.length === 1 && (value[0].kind !== 'word' || /^(true|false)$/.test(text));
    if (type === 'void') {
      if (value.length === 0) add('');
    } else if (type === 'bool') {
      const operators = value
        .filter((token) => token.text in COMPARISONS || ENDS[token.text])
        .map((token) => token.text);
      const isEquality = operators.length === 1 && /^[!=]=$/.test(operators[0]); // whose comparison is changed already
      if (!isConstant && !isEquality) add(`return !(${text})`);
    } else if (type === 'err') {
      if (value.length === 1 && /^(OK|ERR_\w+)$/.test(text)) add(text === 'OK' ? 'return 1' : 'return OK');
      else add(`return (void)(${text}), OK`);
    } else if (type === 'pointer') {
      if (text !== 'NULL') add(`return (void)(${text}), NULL`);
    } else if (type === 'number' && !isConstant) {
      add(`return (${text}) + 1`);
    }
  }

  /** What the function returns whose body begins at `open`; nothing, when it is no function's body. */
  #function(open) {
    const close = open - 1;
    const before = this.partners.get(close);
    if (!this.#is(close, ')') || before === undefined || this.tokens[before - 1]?.kind !== 'word') return undefined;
    const name = before - 1;
    let from = name;
    while (from > 0 && !this.#is(from - 1, ';', '}', ')')) from--;
    return returned(this.tokens.slice(from, name).map(({ text }) => text));
  }

  read() {
    let depth = 0;
    let type;
    for (let i = 0; i < this.tokens.length; i++) {
      const { text, kind } = this.tokens[i];
      if (text === '{' && depth++ === 0) type = this.#function(i);
      else if (text === '}') depth--;
      else if (ASSERTIONS.test(text) && this.#is(i + 1, '(')) i = this.partners.get(i + 1) ?? i;
      else if (text in COMPARISONS) this.#comparison(i);
      else if (text === '&&' || text === '||') this.#operands(i);
      else if (text === '?') this.#condition(this.#begin(i, ENDS['?']), i, false);
      else if (kind !== 'sign' && kind !== 'word') this.#constant(i);
      else if (text === 'if' || text === 'while' || text === 'for') this.#statement(i);
      else if (text === 'true' || text === 'false') this.#constant(i);
      else if (text === 'return' && type) this.#return(i, type);
    }
    return this.mutants.sort((a, b) => a.at - b.at || a.end - b.end || (a.becomes < b.becomes ? -1 : 1));
  }
}

/** All mutants of a C file, in the order of its text. @param {string} text @returns {Mutant[]} */
export const mutantsOf = (text) => new Reader(text).read();

/** The file with this one mistake. @param {string} text @param {Mutant} mutant */
export const mutate = (text, { at, end, becomes }) => text.slice(0, at) + becomes + text.slice(end);
