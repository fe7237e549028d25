// Weights in the safetensors format: eight bytes with the length of a header in JSON, the header, and
// the numbers.

/** The numbers of all tensors, one after the other: of these names and shapes, in single precision. */
export function read(file, tensors) {
  if (file.length < 8) throw new Error("this is no safetensors file");
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const start = 8 + length;
  if (start > file.length) throw new Error("this is no safetensors file");
  const header = parse(file.subarray(8, start));
  delete header.__metadata__;

  const other = Object.keys(header).find((name) => !tensors.some((tensor) => tensor.name === name));
  if (other !== undefined) throw new Error(`tensor ${other} is none of this network`);
  const parts = tensors.map(({ name, shape }) => {
    const found = header[name];
    if (!found) throw new Error(`tensor ${name} is missing`);
    if (String(found.shape) !== String(shape))
      throw new Error(`tensor ${name} is ${found.shape.join(" x ")}, expected ${shape.join(" x ")}`);
    if (found.dtype !== "F32") throw new Error(`tensor ${name} holds ${found.dtype}, expected F32`);
    const [from, to] = found.data_offsets;
    const part = file.subarray(start + from, start + to);
    if (part.length !== size(shape)) throw new Error(`tensor ${name} is not all there`);
    return part;
  });
  return join(parts);
}

/** A file of these numbers. */
export function write(numbers, tensors) {
  let from = 0;
  const header = {};
  for (const { name, shape } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [from, (from += size(shape))] };
  }
  const text = JSON.stringify(header);
  // Numbers begin at a multiple of eight.
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return join([length, json, numbers]);
}

/** The bytes of a tensor. */
const size = (shape) => 4 * shape.reduce((product, dim) => product * dim, 1);

function parse(json) {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw new Error("this is no safetensors file");
  }
}

function join(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
