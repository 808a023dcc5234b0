/** @file Installs a package that is on the disk already: copied, checked, then named. */

import { randomUUID } from "node:crypto";
import { copyFile, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { Refusal } from "../../contract/errors.ts";
import { type ModelId, modelIdSchema } from "../../contract/model-package.ts";
import { checkGeneratorPackage, generatorLayoutOf } from "../generator/packages/package-layouts.ts";
import { fileSha256 } from "./download-file.ts";
import { finishEncoder } from "./finish-encoder.ts";
import { inMegabytes } from "./install-model.ts";
import { licenceOf } from "./layouts/prepare-package.ts";
import { type CatalogueEntry, packageFileNameSchema } from "./model-catalogue.ts";
import type { InstalledModel, ModelStore } from "./model-store.ts";
import { listZip, unpackZip } from "./zip-archive.ts";

/** A folder with more is no model. */
const mostFiles = 200;

/**
 * @param given a folder with ONNX files, one of the files in it, or a zip archive of it
 * @throws Refusal FOLDER_NOT_FOUND, MODEL_DAMAGED, MODEL_UNAVAILABLE, DISK_FULL, NAME_TAKEN.
 */
export async function installFolder(
	given: string,
	catalogue: readonly CatalogueEntry[],
	store: ModelStore,
	resourcesPath: string,
): Promise<ModelId> {
	const isArchive =
		/\.zip$/i.test(given) && (await stat(given).catch(() => null))?.isFile() === true;
	const folder = isArchive ? given.replace(/\.zip$/i, "") : await packageFolder(given);
	const entries = isArchive ? await listZip(given) : null;
	const files = entries ?? (await packageFiles(folder));
	checkFiles(given, files);
	const layout = generatorLayoutOf(files.map(({ name }) => name));
	// Before gigabytes are copied.
	if (layout !== null && !isArchive) await checkGeneratorPackage(folder, layout);
	const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
	const free = await store.freeBytes();
	if (free !== null && free < sizeBytes) {
		throw new Refusal(
			"DISK_FULL",
			`The files take ${inMegabytes(sizeBytes)}; ${inMegabytes(free)} are free for ${store.path}.`,
			{ path: store.path },
		);
	}
	const stagingName = `folder-${randomUUID()}`;
	const staging = store.stagingPath(stagingName);
	const release = await store.claim(stagingName);
	try {
		const sha256: Record<string, string> = {};
		if (entries !== null) await unpackZip(given, entries, staging);
		for (const { name } of files) {
			const target = join(staging, name);
			if (entries === null) {
				await mkdir(dirname(target), { recursive: true });
				await copyFile(join(folder, name), target);
			}
			sha256[name] = await fileSha256(target);
		}
		if (layout !== null && isArchive) await checkGeneratorPackage(staging, layout);
		const known = catalogue.find((entry) => matches(entry, sha256));
		const copied: InstalledModel = {
			format: 1,
			id: known?.id ?? nameFor(basename(folder)),
			kind: known?.kind ?? (layout === null ? "encoder" : "generator"),
			title: known?.title ?? basename(folder),
			licence: known?.licence ?? (await licenceOf(staging)),
			origin: "folder",
			revision: known?.revision ?? null,
			installedAtMs: Date.now(),
			sizeBytes,
			imagesPerSecond: null,
			sha256,
		};
		const record = copied.kind === "encoder" ? await asEncoder(copied) : copied;
		await store.finish(staging, record);
		return record.id;
	} finally {
		release();
		await store.clean(new Set(catalogue.map(({ id }) => id)));
	}

	/** A package that brings its manifest is known by what stands in there. */
	async function asEncoder(copied: InstalledModel): Promise<InstalledModel> {
		const { record, manifest } = await finishEncoder(staging, copied, resourcesPath);
		if (copied.sha256["model.json"] === undefined || copied.revision !== null) return record;
		const { id, title, licence } = manifest;
		return { ...record, id: nameFor(id), title, licence };
	}
}

async function packageFolder(given: string): Promise<string> {
	const found = await stat(given).catch(() => null);
	if (found === null) {
		throw new Refusal("FOLDER_NOT_FOUND", `There is nothing at ${given}.`, { path: given });
	}
	if (found.isDirectory()) return given;
	if (/\.(onnx|json)$/.test(given)) {
		const folder = dirname(given);
		// Exports keep their graphs in a folder of that name, beside everything else.
		return basename(folder) === "onnx" ? dirname(folder) : folder;
	}
	throw new Refusal(
		"MODEL_DAMAGED",
		`${given} is no file of a model. Give the folder that holds the model's files, or one of its .onnx files.`,
		{ path: given },
	);
}

/** Plain files only: a link may lead anywhere. Hidden ones stay behind. */
async function packageFiles(folder: string): Promise<{ name: string; sizeBytes: number }[]> {
	const found: { name: string; sizeBytes: number }[] = [];
	const pending = [folder];
	for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
		for (const entry of await readdir(path, { withFileTypes: true })) {
			if (entry.name.startsWith(".")) continue;
			const inside = join(path, entry.name);
			if (entry.isDirectory()) pending.push(inside);
			if (!entry.isFile()) continue;
			const name = relative(folder, inside).split(sep).join("/");
			if (name === "installed.json") continue;
			if (!packageFileNameSchema.safeParse(name).success) {
				throw new Refusal("MODEL_DAMAGED", `${inside} has a name that no model file has.`, {
					path: inside,
				});
			}
			found.push({ name, sizeBytes: (await lstat(inside)).size });
			// Nobody waits while a whole disk is read.
			if (found.length > mostFiles) return found;
		}
	}
	return found;
}

function checkFiles(given: string, files: readonly { name: string }[]): void {
	const problem = (reason: string) =>
		new Refusal("MODEL_DAMAGED", `${given} holds ${reason}`, { path: given });
	if (files.length > mostFiles) {
		throw problem(`more than ${mostFiles} files; that is no model's folder.`);
	}
	if (!files.some(({ name }) => name.endsWith(".onnx"))) {
		throw problem("no .onnx file, so there is no model in it.");
	}
}

/** All its files with a known checksum are there with just that one. */
function matches({ files }: CatalogueEntry, sha256: Readonly<Record<string, string>>): boolean {
	const known = files.filter((file) => file.sha256 !== "unverified");
	const whole = files.every(({ name }) => sha256[name] !== undefined);
	return whole && known.length > 0 && known.every((file) => sha256[file.name] === file.sha256);
}

function nameFor(text: string): ModelId {
	const plain = text
		.toLowerCase()
		.replace(/[^a-z0-9.-]+/g, "-")
		.replace(/^[.-]+|[.-]+$/g, "")
		.slice(0, 80);
	return modelIdSchema.parse(plain === "" ? "model" : plain);
}
