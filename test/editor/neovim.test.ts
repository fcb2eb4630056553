import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleWorkspace } from './codeServer';

const repository = path.resolve(import.meta.dirname, '../..');
const hasNeovim = spawnSync('nvim', ['--version']).status === 0;
const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-nvim-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The configuration that the docs give for old versions, with the command as it is called from a clone. */
function documented(): string {
  const blocks = [...readFileSync(path.join(repository, 'docs/editors.md'), 'utf8').matchAll(/```lua\n(.*?)```/gs)].map(([, code]) => code ?? '');
  const old = blocks.find((code) => code.includes('start_client'));
  if (old === undefined) throw new Error('docs/editors.md has no configuration for old versions');
  return old.replace(`'percpu-lens'`, `'${process.execPath}', '${path.join(repository, 'dist/cli.cjs')}'`);
}

/** Asks until the answer has the text, since sizes are found in the background. */
const question = `
local answers = io.open('answers', 'w')
local function print(text) answers:write(text, '\\n') end
local function ask(method, params, wanted)
  local text = ''
  vim.wait(60000, function()
    local answers = vim.lsp.buf_request_sync(0, method, params, 8000) or {}
    text = vim.inspect(answers)
    return text:find(wanted, 1, true) ~= nil
  end, 300)
  return text
end
vim.cmd('edit kernel/fork.c')
vim.fn.search('percpu_counter_init_many')
print(ask('textDocument/hover', vim.lsp.util.make_position_params(), '64 possible CPUs = **1 KiB**'))
vim.cmd('edit percpu.toml')
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 200)
print(vim.inspect(vim.diagnostic.get(0)))
vim.fn.cursor(2, 1)
print(ask('textDocument/completion', vim.lsp.util.make_position_params(), 'version'))
answers:close()
vim.cmd('qall!')
`;

describe.skipIf(!hasNeovim)('Neovim, configured as documented', () => {
  it('has hover in C, and diagnostics and completion in percpu.toml', () => {
    cpSync(sampleWorkspace, folder, { recursive: true });
    writeFileSync(path.join(folder, 'percpu.toml'), '[kernel]\n\n[rules]\nx = "loud"\n');
    const config = path.join(folder, 'init.lua');
    writeFileSync(config, documented());
    const script = path.join(folder, 'ask.lua');
    writeFileSync(script, question);
    execFileSync('nvim', ['--headless', '-u', 'NONE', '-n', '-c', `luafile ${config}`, '-c', `luafile ${script}`], { cwd: folder, stdio: 'ignore', timeout: 200_000 });
    const seen = readFileSync(path.join(folder, 'answers'), 'utf8');
    expect(seen).toContain('16 B per CPU × 64 possible CPUs = **1 KiB**');
    expect(seen).toContain('has to be one of');
    expect(seen).toContain('arch');
  });
});
