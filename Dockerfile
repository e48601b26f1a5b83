# syntax=docker/dockerfile:1
# Two images from one file: `bot` (the default) and `serve` (vLLM on the CPU with the embedded model).
#   docker build -t platewise-bot .
#   docker build -t platewise-serve --target serve .

ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS base
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The same number in every image, so that a volume keeps its owner.
RUN groupadd --gid 10001 platewise \
 && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin platewise \
 && install -d -o platewise -g platewise /data

# torch's build for the CPU is in PyTorch's own index; on PyPI it is the one for CUDA, gigabytes larger.
FROM base AS serve-build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /build
COPY requirements-serve.txt ./
RUN python -m venv /opt/serve \
 && /opt/serve/bin/pip install --no-deps --index-url "${TORCH_INDEX}" "$(grep '^torch==' requirements-serve.txt)" \
 && /opt/serve/bin/pip install --no-deps -r requirements-serve.txt
COPY bot/serving/weights.py ./
RUN /opt/serve/bin/python weights.py /opt/model

FROM base AS serve
RUN apt-get update \
 && apt-get install -y --no-install-recommends libnuma1 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=serve-build /opt/serve /opt/serve
COPY --from=serve-build /opt/model /opt/model
ENV HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 VLLM_CPU_KVCACHE_SPACE=1
USER 10001:10001
WORKDIR /home/platewise
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s --retries=3 \
  CMD ["/opt/serve/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["/opt/serve/bin/python", "-P", "-m", "vllm.entrypoints.launchers.api_server.entry"]
CMD ["--model", "/opt/model", "--served-model-name", "smollm2-135m-instruct", "--host", "0.0.0.0", "--port", "8000", \
     "--enforce-eager", "--max-model-len", "4096", "--block-size", "32", "--enable-lora", "--max-lora-rank", "16", \
     "--enable-prompt-tokens-details", "--disable-uvicorn-access-log"]

FROM base AS bot-build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /build
COPY constraints.txt pyproject.toml README.md LICENSE ./
# The packages before the code: a changed line of code doesn't install a gigabyte again.
RUN python -m venv /opt/platewise \
 && /opt/platewise/bin/pip install --no-deps --index-url "${TORCH_INDEX}" "$(grep '^torch==' constraints.txt)" \
 && /opt/platewise/bin/pip install -c constraints.txt hatchling editables \
 && python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']))" \
    > dependencies.txt \
 && /opt/platewise/bin/pip install -c constraints.txt -r dependencies.txt
COPY bot bot
COPY retrieval retrieval
COPY training training
RUN /opt/platewise/bin/pip install --no-deps --no-build-isolation .

FROM base AS bot
COPY --from=bot-build /opt/platewise /opt/platewise
# The embedder's exported graph is kept in the cache folder: on the volume, so that it is made once.
ENV PATH=/opt/platewise/bin:$PATH PLATEWISE_DATA=/data XDG_CACHE_HOME=/data/cache
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PLATEWISE_WEB_PORT', '8080') + '/healthz', timeout=8)"]
ENTRYPOINT ["platewise"]
CMD ["run"]
