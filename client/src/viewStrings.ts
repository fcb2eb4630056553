import * as vscode from 'vscode';
import { useBundle } from '../views/l10n';

// Imported before anything else of ours: some strings of the views are looked up when their modules are loaded.
useBundle(vscode.l10n.bundle ?? {});
