/** @file 200 sidecars that a broken disk, a broken program or somebody hostile may leave, made by rule. */
import { darktable, digiKam, lightroom, windows } from "./sidecar-samples.ts";

export interface HostileSidecar {
	what: string;
	bytes: Buffer;
}

const samples = [lightroom, digiKam, darktable, windows];
const utf8 = (text: string) => Buffer.from(text, "utf8");
const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/** Entities that grow, reach for files or simply exist; every one needs a document type. */
function withEntities(): HostileSidecar[] {
	const body = windows.replace("Family", "&e;");
	const laughs = Array.from(
		{ length: 9 },
		(_, depth) => `<!ENTITY e${depth + 1} "${`&e${depth};`.repeat(10)}">`,
	).join("");
	const types: [string, string][] = [
		["a billion laughs", `<!DOCTYPE x [<!ENTITY e0 "ha">${laughs}<!ENTITY e "&e9;">]>`],
		["one very long entity", `<!DOCTYPE x [<!ENTITY e "${"a".repeat(50_000)}">]>`],
		["an entity of itself", '<!DOCTYPE x [<!ENTITY e "&e;">]>'],
		["a file of the system", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
		["an address", '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>'],
		["a parameter entity", '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]>'],
		["a public document type", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd">'],
		["an unclosed document type", "<!DOCTYPE x [<!ENTITY e 'x'>"],
	];
	const declared = types.map(([what, type]) => ({ what, bytes: utf8(type + body) }));
	const undeclared = ["&e;", "&nbsp;", "&#0;", "&#xD800;", "&#x110000;", "&", "&amp", "&#x;"].map(
		(reference) => ({
			what: `the reference ${reference}`,
			bytes: utf8(windows.replace("Family", reference)),
		}),
	);
	return [...declared, ...undeclared];
}

/** Cut anywhere before the end of the root element. */
function truncated(): HostileSidecar[] {
	return samples.flatMap((sample, which) => {
		const bytes = utf8(sample);
		const end = bytes.lastIndexOf("</x:xmpmeta>");
		return Array.from({ length: 20 }, (_, step) => ({
			what: `sample ${which} cut after ${Math.floor((end * (step + 1)) / 21)} bytes`,
			bytes: bytes.subarray(0, Math.floor((end * (step + 1)) / 21)),
		}));
	});
}

/** Bytes that are not what they claim to be. */
function wrongEncodings(): HostileSidecar[] {
	const latin = samples.map((sample, which) => ({
		what: `sample ${which} in Latin-1`,
		bytes: Buffer.from(
			sample.replaceAll("\uFEFF", "").replace("<rdf:li>", "<rdf:li>caf\u00e9 "),
			"latin1",
		),
	}));
	const claims = ["ISO-8859-1", "windows-1252", "UTF-16", "Shift_JIS", "EBCDIC-US", "utf-7"].map(
		(encoding) => ({
			what: `UTF-8 that says ${encoding}`,
			bytes: utf8(`<?xml version="1.0" encoding="${encoding}"?>${windows}`),
		}),
	);
	const wide = Buffer.concat(
		[...windows].map((character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])),
	);
	const odd = Buffer.from(`\uFEFF${windows}`, "utf16le");
	return [
		...latin,
		...claims,
		{ what: "UTF-32", bytes: Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), wide]) },
		{ what: "UTF-16 with an odd byte", bytes: Buffer.concat([odd, Buffer.from([0x20])]) },
		{
			what: "UTF-16 that says UTF-8",
			bytes: Buffer.from(`\uFEFF<?xml version="1.0" encoding="UTF-8"?>${windows}`, "utf16le"),
		},
		{
			what: "half a surrogate pair",
			bytes: Buffer.from(`\uFEFF${windows.replace("Family", "\ud83d")}`, "utf16le"),
		},
		{ what: "an overlong slash", bytes: replaceBytes(windows, [0xc0, 0xaf]) },
		{ what: "a surrogate in UTF-8", bytes: replaceBytes(windows, [0xed, 0xa0, 0x80]) },
		{ what: "a zero byte", bytes: replaceBytes(windows, [0]) },
		{ what: "a control character", bytes: replaceBytes(windows, [7]) },
	];
}

function replaceBytes(sample: string, bytes: readonly number[]): Buffer {
	const [before = "", after = ""] = sample.split("Family", 2);
	return Buffer.concat([utf8(before), Buffer.from(bytes), utf8(after)]);
}

/** XML that no program means, or that means to take long. */
function badlyFormed(): HostileSidecar[] {
	const open = `<rdf:RDF xmlns:rdf="${rdf}"><rdf:Description>`;
	const close = "</rdf:Description></rdf:RDF>";
	const texts: [string, string][] = [
		["nothing", ""],
		["only white space", " \n\t "],
		["only text", "keywords: dog, cat"],
		["a picture", "\u0089PNG\r\n\u001a\n"],
		["a page", "<html><body>Not found</body></html>"],
		["JSON", '{"keywords": ["dog"]}'],
		["XML without RDF", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"],
		["RDF of another namespace", "<rdf:RDF xmlns:rdf='urn:other'/>"],
		["an unbound prefix", "<rdf:RDF/>"],
		["two roots", windows + windows],
		["text behind the root", `${windows}tail`],
		["an attribute twice", `${open}<a b="1" b="2"/>${close}`],
		["an attribute without quotes", `${open}<a b=1/>${close}`],
		["an attribute with a bracket", `${open}<a b="<"/>${close}`],
		["crossed elements", `${open}<a><b></a></b>${close}`],
		["an unclosed comment", `${windows.replace("Family", "<!-- ")}`],
		["two dashes in a comment", `${open}<!-- a -- b -->${close}`],
		["an unclosed CDATA", windows.replace("Family", "<![CDATA[x")],
		["CDATA's end in text", windows.replace("Family", "]]>")],
		["an unclosed instruction", `${windows}<?xpacket end`],
		["a declaration in the middle", windows.replace("Family", '<?xml version="1.0"?>')],
		["a tag without a name", windows.replace("Family", "< >")],
		["a colon for a name", windows.replace("Family", "<:/>")],
		["too deep", `${open}${"<a>".repeat(5000)}${"</a>".repeat(5000)}${close}`],
		["too many elements", open + "<a/>".repeat(210_000) + close],
		[
			"too many attributes",
			`${open}<a ${Array.from({ length: 3000 }, (_, at) => `a${at}=""`).join(" ")}/>${close}`,
		],
		["too long", `${open}<!--${" ".repeat(17 * 1024 * 1024)}-->${close}`],
	];
	return texts.map(([what, text]) => ({ what, bytes: utf8(text) }));
}

/** A byte that breaks the markup, at many places. */
function damaged(count: number): HostileSidecar[] {
	return Array.from({ length: count }, (_, index) => {
		const sample = samples[index % samples.length] ?? lightroom;
		const bytes = utf8(sample);
		const tags = [...bytes.keys()].filter((at) => bytes[at] === 0x3c && bytes[at + 1] === 0x2f);
		const at = tags[(index * 7) % tags.length] ?? 0;
		// The "<" of an end tag: its element is then never closed.
		bytes[at] = index % 2 === 0 ? 0x20 : 0xff;
		return { what: `sample ${index % samples.length} damaged at byte ${at}`, bytes };
	});
}

/** Exactly 200. */
export function hostileSidecars(): HostileSidecar[] {
	const made = [...withEntities(), ...truncated(), ...wrongEncodings(), ...badlyFormed()];
	return [...made, ...damaged(200 - made.length)];
}
