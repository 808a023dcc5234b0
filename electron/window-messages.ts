/**
 * @file What a page's preload and the main process say to each other. The preload cannot import
 * anything at run time (it is sandboxed), so it repeats the names; their literal types hold both
 * sides together.
 */

/** Page to main: it listens now and wants a port to the engine. */
export const pageReadyChannel = "afterimage-page-ready";
export type PageReadyChannel = typeof pageReadyChannel;

/** Main to page: one MessagePort that speaks the contract. */
export const portChannel = "afterimage-port";
export type PortChannel = typeof portChannel;

/** Page to main and back: the folder dialog. */
export const chooseFolderChannel = "afterimage-choose-folder";
export type ChooseFolderChannel = typeof chooseFolderChannel;
