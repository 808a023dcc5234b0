/**
 * @file The page on a made-up library, for looking at it and measuring it without an engine.
 * Address parameters: `photos` how many (default 2000), `state` one of `ready`, `new`, `indexing`,
 * `nothing-searchable`, `away`, `trouble`; `real` takes the pictures from the development folder.
 */
import "../../../renderer/styles/tokens.css";
import "../../../renderer/styles/base.css";
import { mount } from "svelte";
import Root from "../../../renderer/shell/Root.svelte";
import { createFakeHost } from "./fake-host.ts";
import { type PhotoSource, realPhotos, syntheticPhotos } from "./photo-source.ts";

const parameters = new URLSearchParams(location.search);
const source: PhotoSource = parameters.has("real")
	? await realPhotos()
	: await syntheticPhotos(Number(parameters.get("photos") ?? 2000));
const target = document.getElementById("app");
if (target === null) throw new Error("The page has no #app element to mount into.");

mount(Root, {
	target,
	props: { host: createFakeHost(source, parameters.get("state") ?? "ready") },
});
