import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { indentOnInput } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { nonce } from '../../../components/nonce.ts';
import type { SourceFile } from '../../../yaml/complete.ts';
import type { JsonSchema } from '../../../yaml/schema.ts';
import styles from '../edit.module.css';
import { locateProblem, type ShownProblem } from './locate-problem.ts';
import { createCompletionSource, createHover } from './schema-help.ts';
import { theme } from './theme.ts';

interface Props {
  label: string;
  path: string;
  text: string;
  problems: readonly ShownProblem[];
  schema: JsonSchema | undefined;
  /** All files, whose ids can be completed. */
  files: readonly SourceFile[];
  /** A line to go to; `n` differs each time. */
  target: { line: number; n: number } | null;
  onChange(text: string): void;
}

/** Edits one file of a bundle. Tab leaves it, as in every field; Ctrl and Space completes. */
export function CodeEditor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { path, text, label, problems, target } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another file is another editor, with a history of its own
  useEffect(() => {
    if (!host.current) return;
    const help = () => latest.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          ...(/\.ya?ml$/.test(path) ? [yaml()] : []),
          autocompletion({ override: [createCompletionSource(help)], icons: false }),
          createHover(help),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          theme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [path, label]);

  useEffect(() => {
    const editor = view.current;
    // The text was replaced from outside: a draft that was dropped.
    if (editor && editor.state.doc.toString() !== text)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new editor has no marks
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const marks = problems.map((problem): Diagnostic => {
      const { from, to } = locateProblem(editor.state.doc.toString(), problem);
      return { from, to, severity: problem.severity, message: problem.message };
    });
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems, path]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !target) return;
    const line = editor.state.doc.line(Math.max(1, Math.min(target.line, editor.state.doc.lines)));
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    });
    editor.focus();
  }, [target]);

  return <div ref={host} className={styles.editor} />;
}
