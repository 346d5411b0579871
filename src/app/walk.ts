/** Every file below a folder, sorted. Links to folders are not followed: two of them that point up are more paths than there is time. */
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Walked {
  /** Relative to the folder. Regular files, and links to them. */
  files: string[];
  /** Folders below it that cannot be read, links that lead nowhere, pipes, sockets and devices. */
  unreadable: string[];
  /** There are more files than were wanted. */
  cut: boolean;
}

/** @throws what the file system says where the folder itself cannot be read */
export function filesBelow(folder: string, most: number): Walked {
  const walked: Walked = { files: [], unreadable: [], cut: false };
  const open = [''];
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    for (const entry of entriesOf(folder, inside, walked)) {
      const path = join(inside, entry.name);
      const kind = entry.isSymbolicLink() ? whereTo(join(folder, path)) : entry;
      if (entry.isDirectory()) open.push(path);
      else if (kind?.isFile() === true) {
        if (walked.files.length >= most) return sorted({ ...walked, cut: true });
        walked.files.push(path);
      } else if (kind?.isDirectory() !== true) walked.unreadable.push(path);
    }
  }
  return sorted(walked);
}

function entriesOf(folder: string, inside: string, walked: Walked): Dirent[] {
  try {
    return readdirSync(join(folder, inside), { withFileTypes: true });
  } catch (error) {
    if (inside === '') throw error;
    walked.unreadable.push(inside);
    return [];
  }
}

function whereTo(link: string): Stats | null {
  try {
    return statSync(link);
  } catch {
    return null;
  }
}

function sorted(walked: Walked): Walked {
  walked.files.sort();
  walked.unreadable.sort();
  return walked;
}
