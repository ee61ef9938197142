import { shortCommit, shortImage } from '../words/short.ts';
import { CopyButton } from './copy-button.tsx';
import './short-hash.css';

export function Commit({ commit }: { readonly commit: string }) {
  return (
    <span className="short-hash">
      <code title={commit}>{shortCommit(commit)}</code>
      <CopyButton text={commit} what="commit" />
    </span>
  );
}

export function PlanImage({ image }: { readonly image: string }) {
  return (
    <span className="short-hash">
      <code className="clip" title={image}>
        {shortImage(image)}
      </code>
      <CopyButton text={image} what="image" />
    </span>
  );
}
