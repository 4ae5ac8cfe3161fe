import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './src/store/queries/figures/tables.ts',
  out: './src/store/queries/figures/form',
})
