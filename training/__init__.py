"""From conversations to a better model. Filled by the dataset and fine-tuning work; imports `retrieval` only."""
