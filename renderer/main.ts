/** @file Starts the page: picks the host and mounts the app. The only place that knows of both. */
import "./styles/tokens.css";
import "./styles/base.css";
import { mount } from "svelte";
import { createDesktopHost } from "./client/desktop-host.ts";
import { createWebHost } from "./client/web-host.ts";
import Root from "./shell/Root.svelte";

const bridge = window.afterimageDesktop;
const host = bridge === undefined ? createWebHost() : createDesktopHost(bridge);
const target = document.getElementById("app");
if (target === null) throw new Error("The page has no #app element to mount into.");

mount(Root, { target, props: { host } });
