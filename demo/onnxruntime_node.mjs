// An exported network in Node.js: prints its segments, and writes a map in the colors of
// the classes. In the root of the checkout:
//   npm install --no-save --ignore-scripts onnxruntime-node sharp
//   node demo/onnxruntime_node.mjs epsnet.onnx photo.jpg map.png
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

// onnxruntime-node does not read metadata. An ONNX file is a protocol buffer, and the
// fields with number 14 are its metadata: a key and a text each.
function readMetadata(bytes) {
  for (const { number, value } of readFields(bytes)) {
    if (number !== 14) continue;
    const [key, text] = [...readFields(value)].map((x) => x.value.toString());
    if (key === 'epsnet') return JSON.parse(text);
  }
  throw new Error('The file has no metadata named epsnet: give an exported network.');
}

function* readFields(bytes) {
  let at = 0;
  const readInteger = () => {
    for (let sum = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      sum += (byte & 127) * unit;
      if (!(byte & 128)) return sum;
    }
  };
  while (at < bytes.length) {
    const tag = readInteger();
    const length = readInteger();
    if ((tag & 7) !== 2) continue; // an integer: all else in such a file
    yield { number: tag >> 3, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

const [file, photo, out] = process.argv.slice(2);
if (!out) throw new Error('Usage: node onnxruntime_node.mjs FILE.onnx PHOTO MAP.png');
const metadata = readMetadata(readFileSync(file));
const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
// Upright, without transparency, in RGB.
const image = sharp(photo).autoOrient().removeAlpha().toColorspace('srgb').raw();
const { data, info } = await image.toBuffer({ resolveWithObject: true });
const { width, height } = info;
if (metadata.channel_order === 'bgr')
  for (let i = 0; i < data.length; i += 3) data.subarray(i, i + 3).reverse();
const input = new Tensor('uint8', data, [1, height, width, 3]);
const found = await session.run({ image: input });
const classes = Array.from(found.segment_class.data, (k) => metadata.classes[k]);
classes.forEach(({ name }, i) => {
  const [score, area] = [found.segment_score.data[i], found.segment_area.data[i]];
  const box = found.segment_box.data.slice(4 * i, 4 * i + 4);
  console.log([i + 1, name, score.toFixed(4), area, ...box].join('\t'));
});
const colors = [[0, 0, 0], ...classes.map((x) => x.color)];
const pixels = Buffer.alloc(3 * width * height);
found.panoptic_map.data.forEach((k, i) => pixels.set(colors[k], 3 * i));
await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(out);
