// The line's arithmetic, in a worker so that the page never stops: the proof of work of a guest,
// and the rank that the draw gave a ticket. SHA-256 as in FIPS 180-4, HMAC as in RFC 2104; in our
// own lines because a proof needs half a million small hashes, one after the other, without waiting.

const K = new Uint32Array(64);
const START = new Uint32Array(8);
// The first 32 bits of the fractional parts of cube and square roots of the first primes.
{
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
  for (let at = 0, number = 2; at < 64; number += 1) {
    let prime = true;
    for (let by = 2; by * by <= number; by += 1) if (number % by === 0) prime = false;
    if (!prime) continue;
    if (at < 8) START[at] = fraction(Math.sqrt(number));
    K[at] = fraction(Math.cbrt(number));
    at += 1;
  }
}

const W = new Uint32Array(64);
const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));

function compress(state, bytes, from) {
  for (let i = 0; i < 16; i += 1) {
    const at = from + 4 * i;
    W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const near = W[i - 15], far = W[i - 2];
    W[i] = W[i - 16] + (turn(near, 7) ^ turn(near, 18) ^ (near >>> 3))
      + W[i - 7] + (turn(far, 17) ^ turn(far, 19) ^ (far >>> 10));
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

// The last blocks of a message: its rest, a one, noughts, and its length in bits.
function finish(state, rest, length) {
  const size = rest.length + 9 > 64 ? 128 : 64;
  const last = new Uint8Array(size);
  last.set(rest);
  last[rest.length] = 0x80;
  new DataView(last.buffer).setUint32(size - 4, 8 * length);
  for (let from = 0; from < size; from += 64) compress(state, last, from);
}

function sha256(bytes) {
  const state = START.slice();
  const whole = bytes.length - (bytes.length % 64);
  for (let from = 0; from < whole; from += 64) compress(state, bytes, from);
  finish(state, bytes.subarray(whole), bytes.length);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => digest.setUint32(4 * at, word));
  return new Uint8Array(digest.buffer);
}

const ascii = (text) => new TextEncoder().encode(text);
const join = (one, two) => { const both = new Uint8Array(one.length + two.length); both.set(one); both.set(two, one.length); return both; };
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

function hmac(key, message) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  return sha256(join(block.map((byte) => byte ^ 0x5c), sha256(join(block.map((byte) => byte ^ 0x36), message))));
}

function zeroBits(state) {
  let bits = 0;
  for (const word of state) {
    bits += Math.clz32(word);
    if (word) break;
  }
  return bits;
}

// sha256(challenge + nonce) must begin with `bits` noughts. The challenge's whole blocks are hashed
// once; a try counts up the nonce's digits in place and hashes the rest.
const DIGITS = 10;
function solve(challenge, bits) {
  const text = ascii(challenge);
  const whole = text.length - (text.length % 64);
  const before = START.slice();
  for (let from = 0; from < whole; from += 64) compress(before, text, from);
  const start = text.length - whole;
  const last = new Uint8Array(start + DIGITS + 9 > 64 ? 128 : 64);
  last.set(text.subarray(whole));
  last.fill(48, start, start + DIGITS);
  last[start + DIGITS] = 0x80;
  new DataView(last.buffer).setUint32(last.length - 4, 8 * (text.length + DIGITS));
  const state = new Uint32Array(8);
  for (let tries = 1; ; tries += 1) {
    state.set(before);
    for (let from = 0; from < last.length; from += 64) compress(state, last, from);
    if (zeroBits(state) >= bits) return String.fromCharCode(...last.subarray(start, start + DIGITS));
    let digit = start + DIGITS - 1;
    while (last[digit] === 57) { last[digit] = 48; digit -= 1; }
    last[digit] += 1;
    if (tries % 4000 === 0) postMessage({ share: 1 - Math.exp(-tries / 2 ** bits) });
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

onmessage = ({ data }) => {
  if (data.word === "solve") postMessage({ nonce: solve(data.challenge, data.bits) });
  if (data.word === "rank") {
    const seed = fromHex(data.seed);
    const rank = BigInt(`0x${hex(hmac(seed, ascii(data.identity)).subarray(0, 8))}`);
    postMessage({ rank: rank.toString(), hash: hex(sha256(seed)) });
  }
};
