"""What a scoring process is told: what every service is, and nothing else."""

from pydantic_settings import SettingsConfigDict

from bus.settings import KafkaSettings
from kit.settings import ServiceSettings


class ScoringSettings(KafkaSettings, ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SCORING_")
