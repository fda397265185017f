# Every target first installs what the machine lacks (tools/bootstrap.sh), then
# runs a module of tools/. What each may be told is in CONTRIBUTING.md.
SHELL := /bin/bash
BOOTSTRAP := tools/bootstrap.sh

.PHONY: help run test test-long bench lint format shell i18n clean dist env populate pictures

help:
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## Odoo with the demo company (PORT=8069, FRESH=1 makes the demo anew)
	@$(BOOTSTRAP) tools.run

test: ## every test; T=path[::Class::test] for one, ARGS= for pytest's options
	@$(BOOTSTRAP) tools.test

test-long: ## the long tests and Odoo's own suites (PART=name for one of them)
	@$(BOOTSTRAP) tools.test_long

bench: ## the speed ratios (ONLY=P1 for one)
	@$(BOOTSTRAP) tools.bench

lint: ## every linter, on every file (FILES="path …" for some)
	@$(BOOTSTRAP) --lint tools.lint

format: ## rewrite files as ruff and prettier want them (FILES=path …)
	@$(BOOTSTRAP) tools.lint --write

shell: ## an Odoo shell on the demo database (DB=name for another)
	@$(BOOTSTRAP) tools.shell

i18n: ## export the .pot files and merge the Chinese; fails when incomplete
	@$(BOOTSTRAP) tools.i18n

pictures: ## take the guides' pictures again
	@$(BOOTSTRAP) tools.pictures

dist: ## wheels of the add-ons into build/dist
	@$(BOOTSTRAP) tools.dist

populate: ## a database with MEMBERS=1000000 members (DB=name)
	@$(BOOTSTRAP) tools.populate

env: ## shell assignments with which any command runs against the set-up
	@$(BOOTSTRAP) tools.env

clean: ## stop the servers, drop build/ (ALL=1: the cache too)
	@$(BOOTSTRAP) tools.clean
