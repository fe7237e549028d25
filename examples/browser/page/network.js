// The network in the page: what src/exports.rs exports, with bytes and numbers of JavaScript.

import * as safetensors from "./safetensors.js";

const PARTS = { pixels: 64, outputs: 10, probabilities: 10, first: 256 };

export class Network {
  #exports;

  /** Fetches the module, and opens it with the digits that it learns. */
  static async fetch(module, digits) {
    const network = new Network();
    const imports = { page: { now: () => performance.now(), fail: (at, length) => network.#fail(at, length) } };
    const { instance } = await WebAssembly.instantiate(await bytes(module), imports);
    network.#exports = instance.exports;
    network.#input(await rows(digits));
    network.#check(network.#exports.open());
    return network;
  }

  /** Takes over the weights of a safetensors file. */
  load(weights) {
    this.#input(safetensors.read(weights, this.#tensors()));
    this.#check(this.#exports.load());
  }

  /** The weights as the bytes of a safetensors file. */
  save() {
    this.#exports.save();
    return safetensors.write(this.#output(), this.#tensors());
  }

  /** Begins anew, with weights drawn at random. */
  forget() {
    this.#exports.forget();
  }

  /** Goes through the training set once: loss and accuracy on it and on the other digits. */
  train() {
    this.#check(this.#exports.train());
    const [loss, accuracy, otherLoss, otherAccuracy, speed] =
      new Float64Array(this.#memory(), this.#exports.record(), 5);
    return { loss, accuracy, otherLoss, otherAccuracy, speed };
  }

  /** What it makes of a drawing of side x side bytes, from 0 (paper) to 255 (ink). */
  seeDrawing(ink, side) {
    this.#input(ink);
    return this.#seen(this.#exports.see_drawing(side));
  }

  /** The number of digits that training does not see. */
  others() {
    return this.#exports.others();
  }

  /** What it makes of one of these, and which digit that is. */
  seeOther(other) {
    return { label: this.#exports.label(other), ...this.#seen(this.#exports.see_other(other)) };
  }

  /** The functions of the module, to be timed. */
  get exports() {
    return this.#exports;
  }

  #seen(at) {
    const seen = {};
    for (const [part, length] of Object.entries(PARTS)) {
      seen[part] = new Float32Array(this.#memory(), at, length).slice();
      at += 4 * length;
    }
    return seen;
  }

  /** Names and shapes of the tensors, in the order of the parameters. */
  #tensors() {
    this.#exports.tensors();
    const lines = text(this.#output()).trim().split("\n");
    return lines.map((line) => {
      const [name, ...dims] = line.split(" ");
      return { name, shape: dims.map(Number) };
    });
  }

  // Memory moves when it grows, so views of it are made anew for each call.
  #memory() {
    return this.#exports.memory.buffer;
  }

  #input(data) {
    const at = this.#exports.input(data.length);
    new Uint8Array(this.#memory(), at, data.length).set(data);
  }

  #output() {
    return new Uint8Array(this.#memory(), this.#exports.output(), this.#exports.output_length());
  }

  #check(succeeded) {
    if (!succeeded) throw new Error(text(this.#output()));
  }

  #fail(at, length) {
    throw new Error(text(new Uint8Array(this.#memory(), at, length)));
  }
}

/** The bytes of a file beside the page. */
export async function bytes(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The numbers of a gzipped CSV file, each a byte. */
async function rows(name) {
  const unpacked = new Blob([await bytes(name)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return Uint8Array.from((await new Response(unpacked).text()).trim().split(/[\n,]/), Number);
}

const text = (data) => new TextDecoder().decode(data);
