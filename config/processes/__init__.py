"""The long-running processes, started the same way by `./dev up` and in production: `python -m config.processes.web`,
`.worker` and `.beat`. The delivery loop is `manage.py deliver --loop`."""

NO_WORKSPACE = "There is no workspace yet."  # what `manage.py prepare` says to `config.up`
