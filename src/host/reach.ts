/** Whether a scan would take a file that is not there any more, by its name alone. */
import path from "node:path";
import { languageOf } from "../source/languages.js";
import { isHidden, isSkippedFolder } from "./default-ignores.js";
import type { DiscoveryOptions } from "./discover.js";
import { folderLayer, judge, layersAbove, layersThatAllow, repositoryLayer, type IgnoreLayer } from "./ignore-rules.js";
import { existsSync } from "node:fs";

export interface Left {
  /** Folders that the scan left out, relative to the working directory. */
  readonly vendored: readonly string[];
  readonly skippedFolders: readonly string[];
}

const isUnder = (folder: string, file: string): boolean => file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

const fromOperand = (operand: string, absolute: string, { ignores = [], include = [] }: DiscoveryOptions): boolean => {
  const configured = layersThatAllow(ignores, operand);
  let git: IgnoreLayer[] = layersThatAllow(layersAbove(operand), operand);
  const parts = absolute.slice(operand.length).split("/").filter((part) => part !== "");
  const name = parts.pop()!;
  let folder = operand;
  const enter = (): void => {
    git = existsSync(`${folder}/.git`) ? repositoryLayer(folder) : git;
    git = [...git, ...folderLayer(folder)];
  };
  enter();
  for (const part of parts) {
    folder = `${folder}/${part}`;
    const verdict = judge(configured, `${folder}/`);
    if (verdict === "ignored") return false;
    if (verdict === "unknown" && (isSkippedFolder(part) || judge(git, `${folder}/`) === "ignored")) return false;
    enter();
  }
  if (languageOf(name) === undefined && (include.length === 0 || judge(include, absolute) !== "ignored")) return false;
  const verdict = judge(configured, absolute);
  return verdict === "kept" || (verdict === "unknown" && !isHidden(name) && judge(git, absolute) !== "ignored");
};

/** @param absolute with `/` */
export const wouldScan = (absolute: string, options: DiscoveryOptions, { vendored, skippedFolders }: Left): boolean => {
  const { cwd, paths } = options;
  const resolve = (name: string): string => path.resolve(cwd, name).replaceAll("\\", "/");
  if ([...vendored, ...skippedFolders].some((folder) => isUnder(resolve(folder), absolute))) return false;
  return paths.map(resolve).some((operand) => operand === absolute || (isUnder(operand, absolute) && fromOperand(operand, absolute, options)));
};
