// What a person sees and does: drawing, the network's answer, training.

import { Network, bytes } from "./network.js";

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

const network = await Network.fetch("page.wasm", "digits.csv.gz");
const paper = $("paper");
const pen = paper.getContext("2d", { willReadFrequently: true });
let history = [];
let training = false;
/** What is looked at: the drawing, or the index of a test digit. */
let shown = null;

/** An error that a person can do something about stands where the state stands. */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    training = false;
    say(error.message);
  }
}

function say(words) {
  $("status").textContent = words;
}

// Drawing

function clear() {
  pen.clearRect(0, 0, paper.width, paper.height);
  shown = null;
  look();
}

let last = null;

function stroke(event) {
  const box = paper.getBoundingClientRect();
  const scale = paper.width / box.width;
  for (const part of event.getCoalescedEvents?.().concat(event) ?? [event]) {
    const point = [(part.clientX - box.left) * scale, (part.clientY - box.top) * scale];
    pen.lineWidth = 20;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(paper).color;
    pen.beginPath();
    pen.moveTo(...(last ?? point));
    pen.lineTo(...point);
    pen.stroke();
    last = point;
  }
  look();
}

paper.addEventListener("pointerdown", (event) => {
  if (shown !== null) clear();
  last = null;
  // A pointer that a script made cannot be captured.
  if (event.isTrusted) paper.setPointerCapture(event.pointerId);
  stroke(event);
});
paper.addEventListener("pointermove", (event) => {
  if (event.buttons) stroke(event);
});
$("clear").addEventListener("click", clear);
$("example").addEventListener("click", () => {
  shown = Math.floor(Math.random() * network.others());
  look();
});

// The answer

function look() {
  const seen = attempt(() => (shown === null ? network.seeDrawing(ink(), paper.width) : network.seeOther(shown)));
  if (!seen) return;
  const blank = seen.pixels.every((pixel) => pixel === 0);
  if (shown !== null) enlarge(seen.pixels);
  paint($("image"), seen.pixels, 1);
  paint($("first"), seen.first, Math.max(...seen.first));
  const best = seen.probabilities.indexOf(Math.max(...seen.probabilities));
  for (const [digit, line] of [...$("probabilities").children].entries()) {
    const share = blank ? 0 : seen.probabilities[digit];
    line.className = !blank && digit === best ? "best" : "";
    line.children[1].style.width = `${100 * share}%`;
    line.children[2].textContent = `${(100 * share).toFixed(1)} %`;
  }
  $("answer").textContent = blank
    ? "Draw with mouse, pen or finger."
    : `This is a ${best}${shown === null ? "" : `; it was meant as a ${seen.label}`}.`;
}

/** How much ink is on each point of the paper, from 0 to 255. */
function ink() {
  const { data } = pen.getImageData(0, 0, paper.width, paper.height);
  return Uint8Array.from({ length: data.length / 4 }, (_, point) => data[4 * point + 3]);
}

/** Puts values on a canvas of as many pixels, the largest in full ink. */
function paint(canvas, values, largest) {
  const context = canvas.getContext("2d");
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  values.forEach((value, at) => {
    context.globalAlpha = Math.max(0, value / (largest || 1));
    context.fillRect(at % width, Math.floor(at / width), 1, 1);
  });
}

/** Puts a test digit on the paper. */
function enlarge(pixels) {
  pen.clearRect(0, 0, paper.width, paper.height);
  pen.fillStyle = getComputedStyle(paper).color;
  pixels.forEach((value, at) => {
    pen.globalAlpha = value;
    pen.fillRect((at % 8) * 32, Math.floor(at / 8) * 32, 32, 32);
  });
  pen.globalAlpha = 1;
}

for (let digit = 0; digit < 10; digit++) {
  const line = document.createElement("li");
  const parts = ["", "bar", "share"].map((name) => Object.assign(document.createElement("span"), { className: name }));
  parts[0].textContent = digit;
  line.append(...parts);
  $("probabilities").append(line);
}

// Learning

/** An epoch, and then a moment for the page, so that it stays alive. */
async function train() {
  while (training) {
    const epoch = attempt(() => network.train());
    if (!epoch) break;
    history.push(epoch);
    curves();
    look();
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    say(
      `Epoch ${history.length}: loss ${epoch.loss.toFixed(4)}, ${percent(epoch.otherAccuracy)} of the other ` +
        `digits read rightly; ${Math.round(epoch.speed)} digits a second.`,
    );
    await new Promise(requestAnimationFrame);
  }
  $("train").textContent = "Train";
}

function curves() {
  const losses = history.flatMap((epoch) => [epoch.loss, epoch.otherLoss]);
  curve($("loss"), Math.max(...losses), (epoch) => [epoch.loss, epoch.otherLoss]);
  curve($("accuracy"), 1, (epoch) => [epoch.accuracy, epoch.otherAccuracy]);
}

/** Two lines over the epochs, from 0 to the largest. */
function curve(svg, largest, pick) {
  const { width, height } = svg.viewBox.baseVal;
  const last = Math.max(1, history.length - 1);
  svg.replaceChildren(
    ...["seen", "unseen"].map((name, which) => {
      const line = document.createElementNS(SVG, "polyline");
      const points = history.map((epoch, at) => {
        const [x, y] = [(at / last) * width, height - 2 - (pick(epoch)[which] / largest) * (height - 4)];
        return `${x.toFixed(2)},${y.toFixed(2)}`;
      });
      line.setAttribute("class", name);
      line.setAttribute("points", points.join(" "));
      return line;
    }),
  );
}

$("train").addEventListener("click", () => {
  training = !training;
  $("train").textContent = training ? "Pause" : "Train";
  if (training) train();
});
$("forget").addEventListener("click", () => {
  attempt(() => network.forget());
  begin("A network that knows nothing yet.");
});

/** Shows a network that has just begun. */
function begin(words) {
  history = [];
  curves();
  look();
  say(words);
}

// Files

function load(weights, name) {
  attempt(() => {
    network.load(weights);
    begin(`Weights of ${name}.`);
  });
}

async function take(file) {
  if (file) load(new Uint8Array(await file.arrayBuffer()), file.name);
}

$("file").addEventListener("change", (event) => take(event.target.files[0]));
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  take(event.dataTransfer.files[0]);
});
$("save").addEventListener("click", () => {
  const weights = attempt(() => network.save());
  if (!weights) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([weights]));
  link.download = "digits.safetensors";
  link.click();
  URL.revokeObjectURL(link.href);
});

load(await bytes("digits.safetensors"), "the desktop, in digits.safetensors");

export { network };
