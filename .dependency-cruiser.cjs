/**
 * @file Which folder may import which. From the folder you can tell what a file may know:
 *
 *   contract <- engine <- { server, cli, electron }      contract <- renderer
 *
 * Type-only imports count too: knowing a type is knowing its folder.
 */

/** Folders of the product; everything below is told in terms of them. */
const ours = "^(contract|engine|server|cli|electron|renderer|tests|bench|eval|scripts)/";

/** Engine folders that know nothing of one another. */
const parts = "catalogue|decoder|encoder|index|trash|watcher|xmp";

/** A folder may import itself, the folders named, and packages. */
function only(from, allowed) {
	return {
		name: `${from}-imports-only-${allowed.join("-and-") || "packages"}`,
		severity: "error",
		comment: `${from}/ may import ${["itself", ...allowed.map((name) => `${name}/`)].join(", ")} and packages.`,
		from: { path: `^${from}/` },
		to: { path: ours, pathNot: `^(${[from, ...allowed].join("|")})/` },
	};
}

module.exports = {
	forbidden: [
		only("contract", []),
		only("engine", ["contract"]),
		only("server", ["contract", "engine"]),
		only("cli", ["contract", "engine", "server"]),
		only("electron", ["contract", "engine", "server"]),
		only("renderer", ["contract"]),
		{
			name: "engine-parts-stand-alone",
			severity: "error",
			comment: `${parts.replaceAll("|", ", ")} never import one another, nor what composes them.`,
			from: { path: `^engine/(${parts})/`, pathNot: "^engine/decoder/" },
			to: { path: "^engine/[^/]+/", pathNot: "^engine/$1/" },
		},
		{
			name: "engine-decoder-sees-xmp-only",
			severity: "error",
			comment:
				"Packets inside photos are hostile: they are parsed in the decoding process, where the photo is.",
			from: { path: "^engine/decoder/" },
			to: { path: "^engine/[^/]+/", pathNot: "^engine/(decoder|xmp)/" },
		},
		{
			name: "engine-library-sees-parts-only",
			severity: "error",
			comment: "library/ stands on the parts and the contract.",
			from: { path: "^engine/library/" },
			to: { path: "^engine/[^/]+/", pathNot: `^engine/(library|${parts})/` },
		},
		{
			name: "engine-indexer-and-search-see-library-and-parts",
			severity: "error",
			comment:
				"indexer/, search/, lookalikes/, recognition/, sidecars/ and tagger/ stand on library/, the parts and the contract, not on each other.",
			from: { path: "^engine/(indexer|lookalikes|recognition|search|sidecars|tagger)/" },
			to: { path: "^engine/[^/]+/", pathNot: `^engine/($1|library|${parts})/` },
		},
		{
			name: "only-engine-ts-and-handlers-see-all",
			severity: "error",
			comment: "engine.ts wires the parts; no part reaches back to it, nor to handlers/.",
			from: { path: "^engine/", pathNot: "^engine/(handlers/|[^/]+$)" },
			to: { path: "^engine/(engine\\.ts$|handlers/)" },
		},
		{
			name: "engine-is-headless",
			severity: "error",
			comment: "The engine runs in plain Node: no Electron, no page.",
			from: { path: "^(contract|engine|server|cli)/" },
			to: { path: "node_modules/(electron|svelte|bits-ui)/" },
		},
		{
			name: "onnx-runtime-is-silenced-first",
			severity: "error",
			comment:
				"Whoever loads ONNX Runtime past engine/onnx-runtime.ts lets it report to its maker.",
			from: { pathNot: "^engine/onnx-runtime\\.ts$" },
			to: { path: "node_modules/onnxruntime-node/" },
		},
		{
			name: "no-cycles",
			severity: "error",
			comment: "Two files that need each other are one file or three. Types may point both ways.",
			from: {},
			to: {
				circular: true,
				viaOnly: { dependencyTypesNot: ["type-only", "type-import"] },
			},
		},
		{
			name: "nothing-imports-tests",
			severity: "error",
			comment:
				"What ships never depends on tests/; the screenshots are taken with the tests' browser.",
			from: { pathNot: "^(tests|bench|eval|scripts)/" },
			to: { path: "^tests/" },
		},
		{
			name: "resolvable",
			severity: "error",
			comment: "An import that leads nowhere.",
			from: {},
			to: { couldNotResolve: true },
		},
		{
			name: "declared-packages-only",
			severity: "error",
			comment:
				"What the installed program imports must be in dependencies, or it is missing there.",
			from: { path: "^(contract|engine|server|cli|electron)/" },
			to: {
				dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
				dependencyTypesNot: ["type-only", "type-import"],
				pathNot: "node_modules/(electron|vite)/",
			},
		},
	],
	options: {
		doNotFollow: { path: "node_modules" },
		exclude: { path: "^(dist|release|resources|node_modules/\\.)" },
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			exportsFields: ["exports"],
			conditionNames: ["import", "svelte", "types", "node", "default"],
			extensions: [".ts", ".svelte", ".cts", ".mjs", ".js", ".json", ".d.ts"],
		},
	},
};
