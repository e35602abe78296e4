# syntax=docker/dockerfile:1

FROM node:24-slim AS browser
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements/production.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r production.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/.static \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /app
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sextant \
 && install --directory --owner 10001 --group 10001 --mode 0700 /uploads
COPY --from=packages /venv /venv
COPY . .
COPY --from=browser /app/node_modules node_modules
# These values are for this one command: the running containers get theirs from .env
RUN python -m config.messages compile \
 && SECRET_KEY=only-to-collect-static-files-while-building \
    FIELD_KEYS=b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy0xMjM= \
    ALLOWED_HOSTS=build.invalid SITE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/none REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput --verbosity 0 \
 && find node_modules -mindepth 1 -maxdepth 1 ! -name @expo-google-fonts -exec rm -rf {} +
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "config.processes.web"]
