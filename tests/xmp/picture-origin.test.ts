/** @file Drawn or photographed: what files of this and other programs say of themselves. */
import { expect, test } from "vitest";
import { isDrawn } from "../../engine/xmp/picture-origin.ts";

const address = "http://cv.iptc.org/newscodes/digitalsourcetype/";
const xmpOf = (property: string) =>
	Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">${property}</rdf:Description>
</rdf:RDF></x:xmpmeta>`);
const sourceType = (name: string) =>
	xmpOf(`<Iptc4xmpExt:DigitalSourceType>${address}${name}</Iptc4xmpExt:DigitalSourceType>`);
const parameters =
	"a castle, oil painting\nNegative prompt: people\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x512";
const nodes = JSON.stringify({ 3: { class_type: "KSampler", inputs: { seed: 5 } } });
const png = (keyword: string, text: string) => ({ texts: [{ keyword, text }], hasCamera: false });

test.each([
	["made by a trained algorithm", { xmp: sourceType("trainedAlgorithmicMedia"), hasCamera: false }],
	[
		"a composite with generated parts and no camera",
		{ xmp: sourceType("compositeWithTrainedAlgorithmicMedia"), hasCamera: false },
	],
	[
		"a packet with zeros at its end",
		{
			xmp: Buffer.concat([sourceType("trainedAlgorithmicMedia"), Buffer.alloc(40)]),
			hasCamera: false,
		},
	],
	["our own text", png("Afterimage", JSON.stringify({ format: 1, settings: {}, packages: [] }))],
	["parameters of a web UI", png("parameters", parameters)],
	["a graph of nodes", png("prompt", nodes)],
	["settings of InvokeAI", png("invokeai_metadata", "{}")],
])("%s is drawn", (_, file) => {
	expect(isDrawn(file)).toBe(true);
});

test.each([
	["a file that says nothing", { hasCamera: false }],
	["a capture by a camera", { xmp: sourceType("digitalCapture"), hasCamera: true }],
	[
		"a photo of a camera with parts retouched by a program",
		{ xmp: sourceType("compositeWithTrainedAlgorithmicMedia"), hasCamera: true },
	],
	["a composite of photos", { xmp: sourceType("compositeCapture"), hasCamera: false }],
	["the words in a caption", { xmp: xmpOf("trainedAlgorithmicMedia"), hasCamera: false }],
	[
		"a packet cut in the middle",
		{ xmp: sourceType("trainedAlgorithmicMedia").subarray(0, 300), hasCamera: false },
	],
	["parameters of something else", png("parameters", "exposure=3; gain=2")],
	["a prompt that is a sentence", png("prompt", "What shall we do today?")],
	["a text with our name that is no record", png("Afterimage", '"a film"')],
	["broken JSON", png("prompt", '{"3": {"class_type"')],
])("%s is no drawn picture", (_, file) => {
	expect(isDrawn(file)).toBe(false);
});
