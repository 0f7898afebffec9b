import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


# A date or an equals sign is only text to Kubernetes.
for resolvers in Loader.yaml_implicit_resolvers.values():
    resolvers[:] = [pair for pair in resolvers if not pair[0].endswith((":timestamp", ":value"))]
documents = [document for document in yaml.load_all(sys.stdin.read(), Loader) if document]
json.dump(documents, sys.stdout)
