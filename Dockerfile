# syntax=docker/dockerfile:1
ARG PYTHON=python:3.13-slim
FROM ${PYTHON} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /source
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/trainboard \
    && /opt/trainboard/bin/pip install --require-hashes --only-binary :all: -r requirements.lock \
    && pip install --require-hashes --only-binary :all: -r requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY webhooks webhooks
RUN python -m build --wheel --no-isolation \
    && /opt/trainboard/bin/pip install --no-index --no-deps dist/*.whl \
    && /opt/trainboard/bin/pip uninstall --yes pip


FROM ${PYTHON}

ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="Trainboard" \
      org.opencontainers.image.description="Keeps the sprint board of a machine-learning team true" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

ENV PATH=/opt/trainboard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

RUN PIP_ROOT_USER_ACTION=ignore python -m pip uninstall --yes pip \
    && groupadd --gid 10001 trainboard \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin trainboard \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/trainboard /opt/trainboard

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["trainboard"]
CMD ["serve", "--host", "0.0.0.0"]
