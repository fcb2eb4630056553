/**
 * Random numbers that are the same on every machine and every Node release: integer generators and a
 * logarithm of basic arithmetic only (`Math.log` may differ between engine releases).
 * Generator: xoroshiro64** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018),
 * one stream a client, so that two strategies meet the same think times.
 */
export interface RandomStreams {
  /** Two words a stream, beside each other. */
  readonly words: Int32Array;
}

const TWO_TO_MINUS_32 = 1 / 4294967296;
const TWO_TO_MINUS_31 = 1 / 2147483648;
const LN_2 = 0.6931471805599453;
const THIRD = 1 / 3;
const TABLE_SIZE = 256;

/** Streams for `count` clients; equal seeds give equal streams, unequal ones unrelated streams. */
export function randomStreams(count: number, seed: number): RandomStreams {
  const words = new Int32Array(2 * count);
  const mix = splitMix(seed);
  for (let stream = 0; stream < count; stream += 1) {
    words[2 * stream] = mix();
    words[2 * stream + 1] = mix() | 1;
  }
  return { words };
}

/** A seed for part `part` of a run with seed `seed`; parts do not overlap in practice. */
export function derivedSeed(seed: number, part: number): number {
  const mix = splitMix((seed ^ Math.imul(part + 1, 0x9e3779b1)) | 0);
  mix();
  return mix() >>> 0;
}

/** SplitMix-style 32-bit generator (finaliser of MurmurHash3), for seeding alone. */
function splitMix(seed: number): () => number {
  // Seeds above 32 bits (Date.now() style) keep their high part.
  let state = (seed ^ Math.floor(seed * TWO_TO_MINUS_32)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
}

/** The stream's next 32 random bits, as a signed integer. */
export function nextBits(streams: RandomStreams, stream: number): number {
  const { words } = streams;
  const at = 2 * stream;
  const s0 = words[at] ?? 0;
  let s1 = words[at + 1] ?? 0;
  const scrambled = Math.imul(s0, 0x9e3779bb);
  const result = Math.imul((scrambled << 5) | (scrambled >>> 27), 5);
  s1 ^= s0;
  words[at] = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
  words[at + 1] = (s1 << 13) | (s1 >>> 19);
  return result;
}

/** Uniform in [0, 1), 32 bits of resolution. */
export function nextUniform(streams: RandomStreams, stream: number): number {
  return (nextBits(streams, stream) >>> 0) * TWO_TO_MINUS_32;
}

/** Exponential with mean 1, by inversion. */
export function nextExponential(streams: RandomStreams, stream: number): number {
  return negativeLog(nextBits(streams, stream));
}

/** Logarithms of 1 + i/256, and the reciprocals of those. */
const logarithms = new Float64Array(TABLE_SIZE);
const reciprocals = new Float64Array(TABLE_SIZE);
for (let index = 0; index < TABLE_SIZE; index += 1) {
  const value = 1 + index / TABLE_SIZE;
  reciprocals[index] = 1 / value;
  logarithms[index] = logBySeries(value);
}

/** ln x for x in [1, 2), by the series of atanh((x - 1) / (x + 1)). */
function logBySeries(x: number): number {
  const ratio = (x - 1) / (x + 1);
  const square = ratio * ratio;
  let power = ratio;
  let total = 0;
  for (let term = 1; term < 60; term += 2) {
    total += power / term;
    power *= square;
  }
  return 2 * total;
}

/** -ln(bits / 2^32) for 32 bits taken as unsigned, 0 counting as 1/2; error below 1e-12. */
function negativeLog(bits: number): number {
  if (bits === 0) return 33 * LN_2;
  const zeros = Math.clz32(bits);
  const normal = bits << zeros;
  const index = (normal >>> 23) & 255;
  const rest = (normal >>> 0) * TWO_TO_MINUS_31 * (reciprocals[index] ?? 1) - 1;
  const log = (logarithms[index] ?? 0) + rest * (1 - rest * (0.5 - rest * (THIRD - rest * 0.25)));
  return (1 + zeros) * LN_2 - log;
}
