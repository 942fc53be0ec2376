/** `private-lib-core.h` and its family; `private-libwebsockets.h` before 3.2. */
export const isPrivateHeader = (path: string): boolean => /(?:^|\/)private-lib[\w-]*\.h$/.test(path);
