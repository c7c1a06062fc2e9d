import { Unavailable } from '../../../core/errors.ts';

/** What `asked` gives, within the time. Later it is not waited for, and its failure is nobody's. @throws Unavailable */
export async function inTime<T>(asked: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`No answer within ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
